import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoubtedClock } from '../../gallery/contract/gallery.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';

/** Says that the computer's clock is not believed, and asks staff whether its date is right. */
export function ClockNotice({ clock }: { readonly clock: DoubtedClock }) {
  const { t, i18n } = useTranslation();
  const { staffRecords } = useKiosk();
  const [asking, setAsking] = useState(false);
  const date = formatDate(clock.clock, i18n.language);
  return (
    <section className="damaged" role="alert" data-testid={STAFF_IDS.clock} data-reason={clock.reason}>
      <h2 className="staff__heading">{t('staff.clock.title', { date })}</h2>
      <p>{t(`staff.clock.${clock.reason}`, { known: formatDate(clock.known, i18n.language) })}</p>
      <div className="damaged__actions">
        <Button look="primary" onClick={() => setAsking(true)} data-testid={STAFF_IDS.clockConfirm}>
          {t('staff.clock.confirm')}
        </Button>
      </div>
      <p className="staff__note">{t('staff.clock.wrong')}</p>
      {asking && (
        <ConfirmDialog
          title={t('staff.clock.ask', { date })}
          detail={t('staff.clock.detail')}
          confirm={t('staff.clock.confirm')}
          act={() => staffRecords.change((desk) => desk.confirmDate())}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
