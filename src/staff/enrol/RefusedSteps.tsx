import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../state/engine/failure.ts';
import { useKiosk, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Outcome } from '../parts/Outcome.tsx';
import { Problem } from '../parts/Problem.tsx';
import { AccessFields } from '../people/AccessFields.tsx';
import { accessProblems, hasProblem, NO_PROBLEMS } from '../people/access.ts';

/** Confirms the refusal: nothing was kept, and telephone and PIN remain. */
export function RefusedStep({ renewal }: { readonly renewal: boolean }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <Outcome
      icon="check"
      tone="good"
      title={t('enrol.refused.title')}
      actions={
        <>
          {!renewal && (
            <Button onClick={enrolment.byTelephone} data-testid={STAFF_IDS.byTelephone}>
              {t('enrol.refused.telephone')}
            </Button>
          )}
          <Button onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
            {t('enrol.refused.end')}
          </Button>
        </>
      }
    >
      <p>{t(renewal ? 'enrol.refused.renewal' : 'enrol.refused.detail')}</p>
    </Outcome>
  );
}

/** The customer enters a telephone number and a PIN, to be found without a face. */
export function TelephoneStep({
  problem,
  guardian,
}: {
  readonly problem: Failure | null;
  readonly guardian: boolean;
}) {
  const { t, i18n } = useTranslation();
  const { enrolment } = useKiosk();
  const days = useSettings(({ inForce }) => inForce.retentionDays);
  const [telephone, setTelephone] = useState('');
  const [pin, setPin] = useState('');
  const [problems, setProblems] = useState(NO_PROBLEMS);
  function save(event: FormEvent) {
    event.preventDefault();
    const wrong = accessProblems(telephone, pin);
    setProblems(wrong);
    if (!hasProblem(wrong)) enrolment.saveTelephone({ telephone, pin }, i18n.language);
  }
  return (
    <form className="form" noValidate onSubmit={save}>
      <div>
        <h2 className="staff__heading">{t('enrol.telephone.title')}</h2>
        <p className="staff__lead">
          {t(guardian ? 'enrol.telephone.guardian' : 'enrol.telephone.lead', { count: days })}
        </p>
      </div>
      <AccessFields
        telephone={telephone}
        pin={pin}
        problems={problems}
        onTelephone={setTelephone}
        onPin={setPin}
      />
      {problem && !hasProblem(problems) && <Problem failure={problem} />}
      <Button submit look="primary" size="large" data-testid={STAFF_IDS.telephoneSave}>
        {t('enrol.telephone.save')}
      </Button>
      <Button onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
        {t('enrol.cancel')}
      </Button>
    </form>
  );
}
