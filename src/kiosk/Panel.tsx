import type { ReactNode } from 'react';
import { TEST_IDS } from '../state/test-ids.ts';

interface PanelProps {
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** small print below: the privacy line, a notice */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** what it is about, so that a change of subject is drawn as one */
  readonly subject: string;
}

/** The words of a screen and the ways on. Read out when they change. */
export function Panel({ title, detail, note, actions, subject }: PanelProps) {
  return (
    <section className="panel" data-subject={subject}>
      <div className="panel__words" aria-live="polite">
        <h1 className="panel__title" data-testid={TEST_IDS.headline}>
          {title}
        </h1>
        {detail && (
          <div className="panel__detail" data-testid={TEST_IDS.detail}>
            {detail}
          </div>
        )}
      </div>
      {actions && <div className="panel__actions">{actions}</div>}
      {note && <div className="panel__note">{note}</div>}
    </section>
  );
}
