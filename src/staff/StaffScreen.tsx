import './staff.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth, useKiosk } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon, type IconName, LanguageSwitch } from '../ui/index.ts';
import { EnrolView } from './enrol/EnrolView.tsx';
import { HealthView } from './health/HealthView.tsx';
import { PeopleView } from './people/PeopleView.tsx';
import type { StaffView } from './views.ts';

const tabs = [
  { view: 'people', href: '#/staff', icon: 'staff', testId: TEST_IDS.staffTabPeople },
  { view: 'enrol', href: '#/staff/enrol', icon: 'add', testId: TEST_IDS.staffTabEnrol },
  { view: 'health', href: '#/staff/health', icon: 'pulse', testId: TEST_IDS.staffTabHealth },
] as const satisfies readonly { view: StaffView; href: string; icon: IconName; testId: string }[];

/** The staff console. While it is open the shopper's session rests and the camera belongs to staff. */
export function StaffScreen({
  view,
  notices,
}: {
  readonly view: StaffView;
  readonly notices: readonly string[];
}) {
  const { t } = useTranslation();
  useSessionSuspended();
  const onWasm = useHealth(({ ready }) => ready?.backend === 'wasm');
  return (
    <main className="staff" data-testid={TEST_IDS.staff} data-view={view}>
      <header className="staff__header">
        <h1 className="staff__title">{t('staff.title')}</h1>
        <LanguageSwitch testId={TEST_IDS.language} />
        <a className="button button--plain" href="#/" data-testid={TEST_IDS.staffClose}>
          <Icon name="close" />
          {t('staff.close')}
        </a>
      </header>
      <nav className="staff__tabs" aria-label={t('staff.tabs')}>
        {tabs.map(({ view: tab, href, icon, testId }) => (
          <a
            key={tab}
            className="staff__tab"
            href={href}
            aria-current={tab === view ? 'page' : undefined}
            data-testid={testId}
          >
            <Icon name={icon} />
            {t(`staff.${tab}`)}
          </a>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach that */}
      <section className="staff__view" tabIndex={0} aria-label={t(`staff.${view}`)}>
        {view === 'people' && <PeopleView />}
        {view === 'enrol' && <EnrolView />}
        {view === 'health' && <HealthView notices={notices} />}
        {onWasm && view !== 'enrol' && <p className="staff__note">{t('staff.wasmNote')}</p>}
      </section>
    </main>
  );
}

function useSessionSuspended(): void {
  const { session, staffCall } = useKiosk();
  useEffect(() => {
    staffCall.cancel();
    session.send({ type: 'suspend' });
    return () => session.send({ type: 'resume' });
  }, [session, staffCall]);
}
