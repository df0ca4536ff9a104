import './StaffScreen.css';
import './people/people.css';
import './enrol/FormStep.css';
import './log/LogView.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isHandedOver } from '../state/enrolment/phase.ts';
import { useConsoleLock, useEnrolment, useHealth, useKiosk } from '../state/react.ts';
import { STAFF_IDS } from '../state/staff-ids.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button, Icon, type IconName, LanguageSwitch } from '../ui/index.ts';
import { EnrolView } from './enrol/EnrolView.tsx';
import { TextSize } from './enrol/TextSize.tsx';
import { HealthView } from './health/HealthView.tsx';
import { ConsoleLockScreen } from './lock/ConsoleLockScreen.tsx';
import { LogView } from './log/LogView.tsx';
import { ManageView } from './manage/ManageView.tsx';
import { PeopleView } from './people/PeopleView.tsx';
import { SetUpView } from './setup/SetUpView.tsx';
import type { StaffView } from './views.ts';

const tabs = [
  { view: 'people', href: '#/staff', icon: 'staff', testId: TEST_IDS.staffTabPeople },
  { view: 'enrol', href: '#/staff/enrol', icon: 'add', testId: TEST_IDS.staffTabEnrol },
  { view: 'manage', href: '#/staff/manage', icon: 'lock', testId: STAFF_IDS.tabManage },
  { view: 'setup', href: '#/staff/setup', icon: 'sliders', testId: STAFF_IDS.tabSetUp },
  { view: 'log', href: '#/staff/log', icon: 'info', testId: STAFF_IDS.tabLog },
  { view: 'health', href: '#/staff/health', icon: 'pulse', testId: TEST_IDS.staffTabHealth },
] as const satisfies readonly { view: StaffView; href: string; icon: IconName; testId: string }[];

interface StaffScreenProps {
  readonly view: StaffView;
  readonly notices: readonly string[];
}

/** The staff console. While it is open the shopper's session rests and the camera belongs to staff. */
export function StaffScreen({ view, notices }: StaffScreenProps) {
  useSessionSuspended();
  useEnrolmentForgotten(view);
  const open = useConsoleLock().kind === 'open';
  const handedOver = useHandedOver(view);
  return (
    <main className="staff" data-testid={TEST_IDS.staff} data-view={view} data-handed-over={handedOver}>
      <Header open={open} handedOver={handedOver} />
      {open && !handedOver && <Tabs view={view} />}
      <ConsoleLockScreen handedOver={handedOver}>
        <View view={view} notices={notices} />
      </ConsoleLockScreen>
    </main>
  );
}

/** The steps in which the customer uses the screen. Nothing of the staff console is shown, and it is locked. */
function useHandedOver(view: StaffView): boolean {
  const phase = useEnrolment();
  return view === 'enrol' && isHandedOver(phase);
}

function Header({ open, handedOver }: { readonly open: boolean; readonly handedOver: boolean }) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  return (
    <header className="staff__header">
      {/* The tabs already say where one is: the title is hidden so that the buttons fit. */}
      <h1 className={handedOver ? 'staff__title' : 'visually-hidden'}>
        {t(handedOver ? 'brand.name' : 'staff.title')}
      </h1>
      <LanguageSwitch testId={TEST_IDS.language} />
      {handedOver && <TextSize />}
      {open && !handedOver && (
        <Button icon="lock" onClick={consoleLock.lock} data-testid={STAFF_IDS.lock}>
          {t('staff.lock.now')}
        </Button>
      )}
      {!handedOver && (
        <a className="button button--plain" href="#/" data-testid={TEST_IDS.staffClose}>
          <Icon name="close" />
          {t('staff.close')}
        </a>
      )}
    </header>
  );
}

function Tabs({ view }: { readonly view: StaffView }) {
  const { t } = useTranslation();
  return (
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
          {t(`staff.tab.${tab}`)}
        </a>
      ))}
    </nav>
  );
}

function View({ view, notices }: StaffScreenProps) {
  const { t } = useTranslation();
  const onWasm = useHealth(({ ready }) => ready?.backend === 'wasm');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach that
    <section key={view} className="staff__view" tabIndex={0} aria-label={t(`staff.tab.${view}`)}>
      {view === 'people' && <PeopleView />}
      {view === 'enrol' && <EnrolView />}
      {view === 'manage' && <ManageView />}
      {view === 'setup' && <SetUpView />}
      {view === 'log' && <LogView />}
      {view === 'health' && <HealthView notices={notices} />}
      {view === 'health' && onWasm && <p className="staff__note">{t('staff.wasmNote')}</p>}
    </section>
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

/** Leaving the enrolment discards everything that was entered. */
function useEnrolmentForgotten(view: StaffView): void {
  const { enrolment } = useKiosk();
  useEffect(() => {
    if (view !== 'enrol') enrolment.reset();
  }, [view, enrolment]);
}
