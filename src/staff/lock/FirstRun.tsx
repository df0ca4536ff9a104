import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople } from '../../state/react.ts';
import type { Attempt } from '../../state/staff/lock.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { useProblemWords } from '../parts/Problem.tsx';
import { useLossWords } from '../people/LostNotice.tsx';
import { PinEntry } from './PinEntry.tsx';

/** The first run: the staff PIN is chosen and repeated. */
export function FirstRun({ attempt }: { readonly attempt: Attempt }) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  const lost = lostOf(usePeople());
  const lossWords = useLossWords();
  const problem = usePinProblem(attempt);
  const [step, setStep] = useState<{ kind: 'choose' } | { kind: 'repeat'; first: string }>({
    kind: 'choose',
  });
  const [pin, setPin] = useState('');
  const repeating = step.kind === 'repeat';
  async function next() {
    setPin('');
    if (step.kind === 'choose') return setStep({ kind: 'repeat', first: pin });
    await consoleLock.setPin(step.first, pin);
    // A refused PIN is chosen again.
    setStep({ kind: 'choose' });
  }
  return (
    <div className="lock-panel">
      <h2 className="lock-panel__title">{t('staff.first.title')}</h2>
      {lost ? (
        <p className="notice notice--alert" role="alert" data-testid={STAFF_IDS.lost}>
          {lossWords(lost, 'pin')}
        </p>
      ) : (
        <p className="lock-panel__lead">{t('staff.first.lead')}</p>
      )}
      <PinEntry
        key={step.kind}
        label={t(repeating ? 'staff.first.again' : 'staff.first.choose')}
        submit={t(repeating ? 'staff.first.save' : 'staff.first.next')}
        value={pin}
        disabled={attempt.kind === 'trying'}
        problem={repeating || pin !== '' ? null : problem}
        onChange={setPin}
        onSubmit={() => void next()}
      />
      {!lost && <p className="lock-panel__note">{t('staff.first.note')}</p>}
    </div>
  );
}

/** A text about what was wrong with the last PIN, or null. */
export function usePinProblem(attempt: Attempt): string | null {
  const { t } = useTranslation();
  const words = useProblemWords();
  switch (attempt.kind) {
    case 'none':
    case 'trying':
      return null;
    case 'wrong':
    case 'differs':
    case 'weak':
      return t(`staff.lock.${attempt.kind}`);
    case 'failed':
      return words(attempt.failure);
    default:
      return attempt satisfies never;
  }
}
