import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerPage } from '../../gallery/contract/customers.ts';
import { consentOf, isOutdated } from '../../state/enrolment/task.ts';
import { useKiosk, useSettings } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, ConsentTerms, Dialog } from '../../ui/index.ts';

/**
 * Asks whoever agreed to an older text to read today's, on their own page and without standing in their way. Until they
 * agree the consent that they gave holds, to its own end; who is known by telephone alone never agreed to a face.
 */
export function ConsentRenewal({ page }: { readonly page: CustomerPage }) {
  const { t } = useTranslation();
  const { config } = useKiosk();
  const [state, setState] = useState<'waiting' | 'reading' | 'refused'>('waiting');
  // What a guardian agreed to is renewed with them, by staff.
  if (!page.hasFace || page.consent.by === 'guardian' || !isOutdated(page, config.enrolment)) return null;
  return (
    <div className="notice renewal" data-testid={TEST_IDS.consentRenewal}>
      <span>{t(state === 'refused' ? 'enrol.refused.renewal' : 'page.consentChanged')}</span>
      {state !== 'refused' && (
        <Button onClick={() => setState('reading')} data-testid={TEST_IDS.consentRead}>
          {t('page.consentRead')}
        </Button>
      )}
      {state === 'reading' && (
        <RenewalDialog onRefuse={() => setState('refused')} onClose={() => setState('waiting')} />
      )}
    </div>
  );
}

interface RenewalDialogProps {
  readonly onRefuse: () => void;
  readonly onClose: () => void;
}

/** The consent text in the visitor's language; yes and no look alike. A yes goes on to the question for a PIN. */
function RenewalDialog({ onRefuse, onClose }: RenewalDialogProps) {
  const { t, i18n } = useTranslation();
  const { session, config, clock } = useKiosk();
  const contacts = useSettings(({ inForce }) => inForce.privacy);
  const retentionDays = useSettings(({ inForce }) => inForce.retentionDays);
  const { expiresAt } = consentOf(i18n.language, { ...config.enrolment, retentionDays }, clock);
  return (
    <Dialog
      sheet
      title={t('enrol.consent.renewTitle')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onRefuse} data-testid={TEST_IDS.consentRefuse}>
            {t('enrol.consent.no')}
          </Button>
          <Button onClick={() => session.touch('renew')} data-testid={TEST_IDS.consentAgree}>
            {t('enrol.consent.yes')}
          </Button>
        </>
      }
    >
      <p>{t('enrol.consent.intro')}</p>
      <ConsentTerms scrolls until={expiresAt} contacts={contacts} />
    </Dialog>
  );
}
