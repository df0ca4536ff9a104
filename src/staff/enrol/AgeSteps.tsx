import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { CustomerSheet } from './CustomerSheet.tsx';

/** Asks before the consent whether the customer is of the age from which they decide themselves; both answers look alike. */
export function AgeStep({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <CustomerSheet to={t('enrol.consent.to', { name })} title={t('enrol.age.title')}>
      <p className="consent__intro">{t('enrol.age.detail')}</p>
      <div className="consent__answers">
        <Button size="large" onClick={enrolment.isUnderAge} data-testid={STAFF_IDS.underAge}>
          {t('enrol.age.no')}
        </Button>
        <Button size="large" onClick={enrolment.isOfAge} data-testid={STAFF_IDS.ofAge}>
          {t('enrol.age.yes')}
        </Button>
      </div>
      <Button look="quiet" onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
        {t('enrol.cancel')}
      </Button>
    </CustomerSheet>
  );
}

/** A customer under age: their guardian decides, or the page is opened without a face. */
export function GuardianStep({ name, renewal }: { readonly name: string; readonly renewal: boolean }) {
  const { t } = useTranslation();
  const { enrolment } = useKiosk();
  return (
    <CustomerSheet to={t('enrol.consent.toGuardian', { name })} title={t('enrol.guardian.title')}>
      <p>{t('enrol.guardian.detail')}</p>
      <div className="form">
        <Button size="large" onClick={enrolment.guardianIsHere} data-testid={STAFF_IDS.guardian}>
          {t('enrol.guardian.here')}
        </Button>
        {!renewal && (
          <Button size="large" onClick={enrolment.byTelephone} data-testid={STAFF_IDS.byTelephone}>
            {t('enrol.guardian.telephone')}
          </Button>
        )}
        <Button size="large" onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
          {t('enrol.guardian.end')}
        </Button>
      </div>
    </CustomerSheet>
  );
}
