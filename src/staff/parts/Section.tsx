import './parts.css';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** One section of a page, drawn as a card. */
export function Section({ title, lead, danger = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={`sheet${danger ? ' sheet--danger' : ''}`} aria-labelledby={id}>
      <h3 id={id} className="sheet__title">
        {title}
      </h3>
      {lead && <p className="sheet__lead">{lead}</p>}
      {children}
    </section>
  );
}
