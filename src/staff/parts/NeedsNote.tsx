import { useTranslation } from 'react-i18next';
import type { Needs } from '../../gallery/contract/backup.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';

const MEGABYTE = 1e6;

/** Says what work on all people will need, before it begins. */
export function NeedsNote({ needs: { seconds, bytes, freeBytes } }: { readonly needs: Needs }) {
  const { t } = useTranslation();
  const megabytes = Math.max(1, Math.ceil(bytes / MEGABYTE));
  const minutes = Math.ceil(seconds / 60);
  const time = seconds < 60 ? t('staff.needs.moment') : t('staff.needs.minutes', { count: minutes });
  const short = freeBytes !== null && freeBytes < bytes;
  return (
    <p className={short ? 'notice notice--alert' : 'staff__note'} data-testid={STAFF_IDS.needs}>
      {t('staff.needs.text', { time, megabytes })}
      {short && ` ${t('staff.needs.short', { megabytes: Math.floor(freeBytes / MEGABYTE) })}`}
    </p>
  );
}
