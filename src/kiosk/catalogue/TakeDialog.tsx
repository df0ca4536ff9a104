import type { ShopLink } from '@rounz/core/catalogue/shop-link.ts';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';
import { QrCode } from './QrCode.tsx';

interface TakeDialogProps {
  readonly link: ShopLink;
  /** frames of the list */
  readonly total: number;
  readonly onClose: () => void;
}

/** The saved frames as a code for the visitor's telephone, which opens the shop's own page. It holds article numbers alone. */
export function TakeDialog({ link, total, onClose }: TakeDialogProps) {
  const { t } = useTranslation();
  const { host, pathname } = new URL(link.address);
  return (
    <Dialog
      sheet
      testId={TEST_IDS.takeDialog}
      title={t('take.title')}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose} data-testid={TEST_IDS.takeClose}>
          {t('take.close')}
        </Button>
      }
    >
      <div className="take">
        <QrCode
          text={link.address}
          label={t('take.label', { count: link.frames })}
          testId={TEST_IDS.takeCode}
        />
        <div className="take__words">
          <p>{t('take.how')}</p>
          <p className="take__address">
            {host}
            <wbr />
            {pathname === '/' ? '' : pathname}
          </p>
          <p>{t('take.inside')}</p>
          {link.frames < total && (
            <p className="notice" data-testid={TEST_IDS.takeSome}>
              {t('take.some', { shown: link.frames, total })}
            </p>
          )}
        </div>
      </div>
    </Dialog>
  );
}
