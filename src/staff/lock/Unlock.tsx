import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnrolment, useKiosk } from '../../state/react.ts';
import type { Attempt } from '../../state/staff/lock.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { PinEntry } from '../parts/PinEntry.tsx';
import { usePinProblem } from './FirstRun.tsx';

interface UnlockProps {
  readonly attempt: Attempt;
  /** seconds until a PIN is tried again; 0: now */
  readonly wait: number;
}

export function Unlock({ attempt, wait }: UnlockProps) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  const handedBack = useEnrolment().kind === 'handed-back';
  const problem = usePinProblem(attempt);
  const [pin, setPin] = useState('');
  function open() {
    setPin('');
    void consoleLock.unlock(pin);
  }
  return (
    <div className="lock-panel">
      <h2 className="lock-panel__title">{t('staff.lock.title')}</h2>
      {wait > 0 ? (
        <p className="notice" role="timer" data-testid={STAFF_IDS.wait} data-seconds={wait}>
          {t('staff.lock.wait', { time: clock(wait) })}
        </p>
      ) : (
        <p className="lock-panel__lead">{t(handedBack ? 'staff.lock.handedBack' : 'staff.lock.lead')}</p>
      )}
      <PinEntry
        label={t('staff.lock.pin')}
        submit={t(attempt.kind === 'trying' ? 'staff.lock.trying' : 'staff.lock.open')}
        value={pin}
        disabled={attempt.kind === 'trying' || wait > 0}
        problem={wait > 0 || pin !== '' ? null : problem}
        onChange={setPin}
        onSubmit={open}
      />
      <p className="lock-panel__note">{t('staff.lock.forgotten')}</p>
    </div>
  );
}

/** `0:30`, `12:05`. */
const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
