import { useTranslation } from 'react-i18next';
import { useKiosk, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, ConsentTerms } from '../../ui/index.ts';
import { CustomerSheet } from './CustomerSheet.tsx';

interface ConsentStepProps {
  readonly name: string;
  /** ISO 8601: when the consent would run out */
  readonly until: string;
  readonly renewal: boolean;
  /** the guardian of somebody under age reads it */
  readonly guardian: boolean;
}

/** The consent screen, in the person's language; yes and no look alike. */
export function ConsentStep({ name, until, renewal, guardian }: ConsentStepProps) {
  const { t, i18n } = useTranslation();
  const { enrolment } = useKiosk();
  const contacts = useSettings(({ inForce }) => inForce.privacy);
  return (
    <CustomerSheet
      to={t(guardian ? 'enrol.consent.toGuardian' : 'enrol.consent.to', { name })}
      title={t(renewal ? 'enrol.consent.renewTitle' : 'enrol.consent.title')}
    >
      <p className="consent__intro">{t('enrol.consent.intro')}</p>
      <ConsentTerms until={until} contacts={contacts} />
      <p className="consent__ask">{t('enrol.consent.ask')}</p>
      <div className="consent__answers">
        <Button size="large" onClick={enrolment.refuse} data-testid={STAFF_IDS.refuse}>
          {t('enrol.consent.no')}
        </Button>
        <Button
          size="large"
          icon="check"
          onClick={() => enrolment.agree(i18n.language)}
          data-testid={STAFF_IDS.agree}
        >
          {t('enrol.consent.yes')}
        </Button>
      </div>
      <Button look="quiet" onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
        {t('enrol.cancel')}
      </Button>
    </CustomerSheet>
  );
}
