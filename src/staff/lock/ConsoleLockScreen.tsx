import './lock.css';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleLock, useKiosk, usePeople } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { FirstRun } from './FirstRun.tsx';
import { Unlock } from './Unlock.tsx';

/** Mounts its children only after the PIN was entered. Leaving it locks the console. */
export function ConsoleLockScreen({ children }: { readonly children: ReactNode }) {
  const { consoleLock } = useKiosk();
  const lock = useConsoleLock();
  useEffect(() => consoleLock.enter(), [consoleLock]);
  const attempt = 'attempt' in lock ? lock.attempt.kind : 'none';
  return (
    <div
      className="console-lock"
      data-testid={STAFF_IDS.lockScreen}
      data-lock={lock.kind}
      data-attempt={attempt}
      onPointerDownCapture={consoleLock.touch}
      onKeyDownCapture={consoleLock.touch}
    >
      {lock.kind === 'waiting' && <Waiting />}
      {lock.kind === 'first-run' && <FirstRun attempt={lock.attempt} />}
      {lock.kind === 'locked' && <Unlock attempt={lock.attempt} wait={lock.wait} />}
      {lock.kind === 'open' && children}
      {lock.kind === 'open' && lock.closing !== null && <Closing seconds={lock.closing} />}
    </div>
  );
}

/** Shown while the gallery is read, or if it cannot be read. */
function Waiting() {
  const { t } = useTranslation();
  const people = usePeople();
  if (people.kind !== 'failed') return <p className="staff__empty">{t('people.opening')}</p>;
  return (
    <p className="notice notice--alert" role="alert">
      {t('people.failed')} {people.detail}
    </p>
  );
}

/** Warns before the console locks, and offers to keep it open. */
function Closing({ seconds }: { readonly seconds: number }) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  return (
    <div className="closing" role="alert" data-testid={STAFF_IDS.closing}>
      <p>{t('staff.lock.closing', { count: seconds })}</p>
      <Button onClick={consoleLock.touch} data-testid={STAFF_IDS.stay}>
        {t('staff.lock.stay')}
      </Button>
    </div>
  );
}
