import { useTranslation } from 'react-i18next';
import { usePeople, useSight } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon, Wordmark } from '../ui/index.ts';

/** The wordmark, and the entry to the staff console. */
export function Header() {
  const { t } = useTranslation();
  const notice = useNotice();
  return (
    <header className="kiosk__header">
      <Wordmark label={t('brand.name')} />
      {notice && (
        <p className="kiosk__staff-notice" data-testid={TEST_IDS.staffNotice} data-notice={notice.code}>
          {notice.words}
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

/** One line for staff beside their entry: what keeps the kiosk from seeing, or a damaged record. */
function useNotice(): { readonly code: string; readonly words: string } | null {
  const { t } = useTranslation();
  const people = usePeople();
  const problem = useSight((state) => state.problem ?? (state.change ? 'view' : null));
  const damaged = people.kind === 'open' ? people.damaged.length : 0;
  if (problem) return { code: problem, words: t(`staffNotice.${problem}`) };
  return damaged > 0 ? { code: 'damaged', words: t('staffNotice.damaged', { count: damaged }) } : null;
}
