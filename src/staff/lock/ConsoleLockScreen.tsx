import './lock.css';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleLock, useKiosk, usePeople } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { FirstRun } from './FirstRun.tsx';
import { Unlock } from './Unlock.tsx';

interface ConsoleLockScreenProps {
  /** the children are the customer's screen: shown while the console is locked */
  readonly handedOver: boolean;
  readonly children: ReactNode;
}

/** Mounts its children only after the PIN was entered, or for the customer. Leaving it locks the console. */
export function ConsoleLockScreen({ handedOver, children }: ConsoleLockScreenProps) {
  const { consoleLock, enrolment } = useKiosk();
  const lock = useConsoleLock();
  useEffect(() => consoleLock.enter(), [consoleLock]);
  const touch = () => {
    consoleLock.touch();
    enrolment.touch();
  };
  const attempt = 'attempt' in lock ? lock.attempt.kind : 'none';
  return (
    <div
      className="console-lock"
      data-testid={STAFF_IDS.lockScreen}
      data-lock={lock.kind}
      data-attempt={attempt}
      onPointerDownCapture={touch}
      onKeyDownCapture={touch}
    >
      {lock.kind === 'waiting' && <Waiting />}
      {lock.kind === 'first-run' && <FirstRun attempt={lock.attempt} />}
      {lock.kind === 'locked' && !handedOver && <Unlock attempt={lock.attempt} wait={lock.wait} />}
      {(lock.kind === 'open' || handedOver) && children}
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
