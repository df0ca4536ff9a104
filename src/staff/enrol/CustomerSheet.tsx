import { type ReactNode, useId } from 'react';

interface CustomerSheetProps {
  /** whom it addresses: the customer, or their guardian */
  readonly to: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** What a customer reads and decides in the enrolment. */
export function CustomerSheet({ to, title, children }: CustomerSheetProps) {
  const id = useId();
  return (
    <section className="consent" aria-labelledby={id}>
      <p className="consent__to">{to}</p>
      <h2 id={id} className="consent__title">
        {title}
      </h2>
      {children}
    </section>
  );
}
