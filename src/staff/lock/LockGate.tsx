import './lock.css';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, usePeople, useStaffDoor } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { FirstRun } from './FirstRun.tsx';
import { Unlock } from './Unlock.tsx';

/** Lets nobody through without the PIN: what is behind it is not even made before. Leaving it locks. */
export function LockGate({ children }: { readonly children: ReactNode }) {
  const { staffDoor } = useKiosk();
  const door = useStaffDoor();
  useEffect(() => staffDoor.enter(), [staffDoor]);
  const attempt = 'attempt' in door ? door.attempt.kind : 'none';
  return (
    <div
      className="gate"
      data-testid={STAFF_IDS.gate}
      data-door={door.kind}
      data-attempt={attempt}
      onPointerDownCapture={staffDoor.touch}
      onKeyDownCapture={staffDoor.touch}
    >
      {door.kind === 'waiting' && <Waiting />}
      {door.kind === 'first-run' && <FirstRun attempt={door.attempt} />}
      {door.kind === 'locked' && <Unlock attempt={door.attempt} wait={door.wait} />}
      {door.kind === 'open' && children}
      {door.kind === 'open' && door.closing !== null && <Closing seconds={door.closing} />}
    </div>
  );
}

/** The gallery is being read, or cannot be. */
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

/** A warning before the console locks, and the way to go on. */
function Closing({ seconds }: { readonly seconds: number }) {
  const { t } = useTranslation();
  const { staffDoor } = useKiosk();
  return (
    <div className="closing" role="alert" data-testid={STAFF_IDS.closing}>
      <p>{t('staff.lock.closing', { count: seconds })}</p>
      <Button onClick={staffDoor.touch} data-testid={STAFF_IDS.stay}>
        {t('staff.lock.stay')}
      </Button>
    </div>
  );
}
