import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, Icon, type IconName, Progress } from '../../ui/index.ts';
import { Problem } from './Problem.tsx';
import type { Act } from './use-act.ts';

interface ActOutcomeProps {
  readonly act: Act;
  readonly busy: string;
  readonly done: string;
  readonly testId?: string;
  /** of work that can be stopped */
  readonly onStop?: () => void;
}

/** Progress, success or failure of an action. */
export function ActOutcome({ act, busy, done, testId, onStop }: ActOutcomeProps) {
  const { t } = useTranslation();
  switch (act.kind) {
    case 'idle':
      return null;
    case 'busy':
      return (
        <div className="act" role="status">
          <p>{busy}</p>
          {act.share !== null && <Progress value={act.share} label={busy} />}
          {onStop && (
            <Button icon="close" onClick={onStop} data-testid={STAFF_IDS.stop}>
              {t('staff.stop')}
            </Button>
          )}
        </div>
      );
    case 'failed':
      return <Problem failure={act.failure} />;
    case 'done':
      return (
        <p className="act act--done" role="status" data-testid={testId}>
          <Icon name="check" />
          {done}
        </p>
      );
    default:
      return act satisfies never;
  }
}

interface OutcomeProps {
  readonly icon: IconName;
  readonly tone: 'good' | 'careful';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** A full screen with the outcome of an action and what can be done next. */
export function Outcome({ icon, tone, title, children, actions }: OutcomeProps) {
  return (
    <div className="outcome" data-tone={tone}>
      <span className="outcome__sign">
        <Icon name={icon} />
      </span>
      <h2 className="outcome__title" aria-live="polite">
        {title}
      </h2>
      <div className="outcome__detail">{children}</div>
      {actions && <div className="outcome__actions">{actions}</div>}
    </div>
  );
}
