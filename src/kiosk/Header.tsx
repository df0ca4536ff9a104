import { useTranslation } from 'react-i18next';
import { usePeople } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon, Wordmark } from '../ui/index.ts';

/** The wordmark, and the entry to the staff console. */
export function Header() {
  const { t } = useTranslation();
  const people = usePeople();
  const damaged = people.kind === 'open' ? people.damaged.length : 0;
  return (
    <header className="kiosk__header">
      <Wordmark label={t('brand.name')} />
      {damaged > 0 && (
        <p className="kiosk__staff-notice" data-testid={TEST_IDS.staffNotice}>
          {t('staffNotice.damaged', { count: damaged })}
        </p>
      )}
      <a
        className="kiosk__staff-entry"
        href="#/staff"
        aria-label={t('staff.entry')}
        data-testid={TEST_IDS.staffEntry}
      >
        <Icon name="lock" />
      </a>
    </header>
  );
}
