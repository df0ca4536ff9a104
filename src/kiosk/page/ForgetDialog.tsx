import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';

interface ForgetDialogProps {
  readonly onClose: () => void;
  /** goes on to the question for a PIN */
  readonly onForget: () => void;
}

/** Says what is erased, before it is asked for a PIN. */
export function ForgetDialog({ onClose, onForget }: ForgetDialogProps) {
  const { t } = useTranslation();
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
          <Button look="danger" onClick={onForget} data-testid={TEST_IDS.forgetConfirm}>
            {t('page.forgetConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('page.forgetDetail')}</p>
    </Dialog>
  );
}
