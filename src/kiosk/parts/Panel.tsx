import { type ReactNode, useEffect, useRef } from 'react';
import { TEST_IDS } from '../../state/test-ids.ts';

interface PanelProps {
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** content beyond text: a page's frames, a form */
  readonly children?: ReactNode;
  /** small print below: the privacy line, a notice */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** key of the subject; another key is drawn as another screen */
  readonly subject: string;
}

/** The texts and buttons of a screen. */
export function Panel({ title, detail, children, note, actions, subject }: PanelProps) {
  const heading = useFocusOnArrival();
  return (
    <section className="panel" data-subject={subject}>
      <div className="panel__words">
        <h1 ref={heading} tabIndex={-1} className="panel__title" data-testid={TEST_IDS.headline}>
          {title}
        </h1>
        {detail && (
          <div className="panel__detail" data-testid={TEST_IDS.detail}>
            {detail}
          </div>
        )}
      </div>
      {children}
      {actions && <div className="panel__actions">{actions}</div>}
      {note && <div className="panel__note">{note}</div>}
    </section>
  );
}

/**
 * A new screen takes the focus where the old one has taken it away, so that a keyboard or a switch goes on from its first
 * control. Whoever is on the bar below, or in a field, stays there.
 */
function useFocusOnArrival() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}
