import { useTranslation } from 'react-i18next';
import type { Failure } from '../../state/engine/failure.ts';
import type { GreetedPerson } from '../../state/engine/recogniser.ts';
import type { Saved } from '../../state/enrolment/phase.ts';
import { useKiosk, useStaffRecords } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { Outcome } from '../parts/Outcome.tsx';
import { useProblemWords } from '../parts/Problem.tsx';

export function DuplicateStep({ other }: { readonly other: GreetedPerson }) {
  const { t } = useTranslation();
  return (
    <Outcome
      icon="staff"
      tone="careful"
      title={t('enrol.duplicateTitle', { other: other.name })}
      actions={<DoubtActions cancel="enrol.samePerson" anyway="enrol.otherPerson" />}
    >
      <p data-testid={TEST_IDS.enrolDuplicateName}>{t('enrol.duplicateDetail', { other: other.name })}</p>
    </Outcome>
  );
}

export function UnlikeStep({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  return (
    <Outcome
      icon="staff"
      tone="careful"
      title={t('enrol.unlikeTitle', { name })}
      actions={<DoubtActions cancel="enrol.cancel" anyway="enrol.anyway" />}
    >
      <p>{t('enrol.unlikeDetail', { name })}</p>
    </Outcome>
  );
}

interface DoubtActionsProps {
  readonly cancel: 'enrol.cancel' | 'enrol.samePerson';
  readonly anyway: 'enrol.anyway' | 'enrol.otherPerson';
}

/** Asks whether the pictures are of another person; the careful answer comes first. */
function DoubtActions({ cancel, anyway }: DoubtActionsProps) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <>
      <Button look="primary" onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
        {t(cancel)}
      </Button>
      <Button onClick={() => void enrolment.saveAnyway()} data-testid={TEST_IDS.enrolAnyway}>
        {t(anyway)}
      </Button>
    </>
  );
}

export function SavingStep() {
  const { t } = useTranslation();
  return <Outcome icon="again" tone="good" title={t('enrol.saving')} />;
}

interface SavedStepProps {
  readonly name: string;
  readonly what: Saved;
  readonly seconds: number;
}

export function SavedStep({ name, what, seconds }: SavedStepProps) {
  const { t, i18n } = useTranslation();
  const { enrolment } = useKiosk();
  const selected = useStaffRecords((state) => state.selected);
  const fresh = what === 'enrolled' || what === 'telephone';
  return (
    <Outcome
      icon="check"
      tone="good"
      title={t(`enrol.saved.${what}.title`, { name })}
      actions={
        <>
          {fresh && (
            <Button look="primary" icon="add" onClick={enrolment.reset} data-testid={TEST_IDS.enrolAnother}>
              {t('enrol.another')}
            </Button>
          )}
          <a className="button button--plain" href="#/staff">
            {t(selected && !fresh ? 'enrol.toPerson' : 'enrol.toPeople')}
          </a>
        </>
      }
    >
      <p data-testid={TEST_IDS.enrolSaved}>{t(`enrol.saved.${what}.detail`)}</p>
      {what !== 'consent-renewed' && what !== 'telephone' && (
        <p>{t('enrol.savedTime', { seconds: formatNumber(seconds, i18n.language, 1) })}</p>
      )}
    </Outcome>
  );
}

export function FailedStep({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  const words = useProblemWords();
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
      <p role="alert">{t('enrol.failedDetail', { detail: words(failure) })}</p>
    </Outcome>
  );
}
