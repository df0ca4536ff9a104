import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';

/** Asks again before a person is erased. */
export function ForgetDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { visit } = useKiosk();
  const [state, setState] = useState<'asking' | 'deleting' | 'failed'>('asking');
  const forget = async () => {
    setState('deleting');
    if (!(await visit.forget())) setState('failed');
  };
  return (
    <Dialog
      sheet
      title={t('page.forgetTitle')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose} data-testid={TEST_IDS.forgetCancel}>
            {t('page.forgetCancel')}
          </Button>
          <Button
            look="danger"
            disabled={state === 'deleting'}
            onClick={() => void forget()}
            data-testid={TEST_IDS.forgetConfirm}
          >
            {t('page.forgetConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('page.forgetDetail')}</p>
      {state === 'failed' && (
        <p className="problem" role="alert">
          {t('page.forgetFailed')}
        </p>
      )}
    </Dialog>
  );
}
