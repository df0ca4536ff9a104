import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { GreetedPerson } from '../../state/session-types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Button, Icon, type IconName } from '../../ui/index.ts';

interface OutcomeProps {
  readonly icon: IconName;
  readonly tone: 'good' | 'careful';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

function Outcome({ icon, tone, title, children, actions }: OutcomeProps) {
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

export function DuplicateStep({ other }: { readonly other: GreetedPerson }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <Outcome
      icon="staff"
      tone="careful"
      title={t('enrol.duplicateTitle')}
      actions={
        <>
          <Button look="primary" onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
            {t('enrol.cancel')}
          </Button>
          <Button onClick={() => void enrolment.saveAnyway()} data-testid={TEST_IDS.enrolAnyway}>
            {t('enrol.anyway')}
          </Button>
        </>
      }
    >
      <p data-testid={TEST_IDS.enrolDuplicateName}>{t('enrol.duplicateDetail', { other: other.name })}</p>
    </Outcome>
  );
}

export function SavingStep() {
  const { t } = useTranslation();
  return <Outcome icon="again" tone="good" title={t('enrol.saving')} />;
}

export function SavedStep({ name, seconds }: { readonly name: string; readonly seconds: number }) {
  const { t, i18n } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <Outcome
      icon="check"
      tone="good"
      title={t('enrol.savedTitle', { name })}
      actions={
        <>
          <Button look="primary" icon="add" onClick={enrolment.reset} data-testid={TEST_IDS.enrolAnother}>
            {t('enrol.another')}
          </Button>
          <a className="button button--plain" href="#/staff">
            {t('enrol.toPeople')}
          </a>
        </>
      }
    >
      <p data-testid={TEST_IDS.enrolSaved}>{t('enrol.savedDetail')}</p>
      <p>{t('enrol.savedTime', { seconds: formatNumber(seconds, i18n.language, 1) })}</p>
    </Outcome>
  );
}

export function FailedStep({ detail }: { readonly detail: string }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <Outcome
      icon="info"
      tone="careful"
      title={t('enrol.failedTitle')}
      actions={
        <>
          <Button look="primary" icon="again" onClick={() => void enrolment.retry()}>
            {t('enrol.retry')}
          </Button>
          <Button onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
            {t('enrol.cancel')}
          </Button>
        </>
      }
    >
      <p role="alert">{t('enrol.failedDetail', { detail })}</p>
    </Outcome>
  );
}
