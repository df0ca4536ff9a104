import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LostGallery } from '../../gallery/contract/gallery.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';

/** Says that the browser lost the records: short, beside the choice of a PIN (`pin`), or in full. */
export function useLossWords(): (lost: LostGallery, form: 'pin' | 'detail') => string {
  const { t, i18n } = useTranslation();
  return ({ people, lastSeen }, form) =>
    t(`staff.lost.${form}`, { count: people, date: formatDate(lastSeen, i18n.language) });
}

/** Tells staff that the browser lost the records, and leads to the restore. */
export function LostNotice({ lost }: { readonly lost: LostGallery }) {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const words = useLossWords();
  const [asking, setAsking] = useState(false);
  return (
    <section className="damaged" role="alert" data-testid={STAFF_IDS.lost}>
      <h2 className="staff__heading">{t('staff.lost.title')}</h2>
      <p>{words(lost, 'detail')}</p>
      <div className="damaged__actions">
        <a className="button button--primary" href="#/staff/manage">
          {t('staff.lost.restore')}
        </a>
        <Button onClick={() => setAsking(true)} data-testid={STAFF_IDS.lostDismiss}>
          {t('staff.lost.dismiss')}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t('staff.lost.dismissTitle')}
          detail={t('staff.lost.dismissDetail')}
          confirm={t('staff.lost.dismiss')}
          act={() => staffRecords.change((desk) => desk.acknowledgeLoss())}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
