import { errorMessage } from '@rounz/core/error-message.ts';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople } from '../../state/react.ts';
import type { Attempt } from '../../state/staff/lock.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { PinEntry } from '../parts/PinEntry.tsx';
import { useProblemWords } from '../parts/Problem.tsx';
import { useLossWords } from '../people/LostNotice.tsx';

/** The set-up code where the installation has one, then the PIN, then the PIN once more. */
type Step =
  | { readonly kind: 'reading' }
  | { readonly kind: 'code' }
  | { readonly kind: 'choose'; readonly code: string }
  | { readonly kind: 'repeat'; readonly code: string; readonly first: string };

const LABELS = {
  reading: 'staff.first.choose',
  code: 'staff.first.code',
  choose: 'staff.first.choose',
  repeat: 'staff.first.again',
} as const;

/** The first run: the staff PIN is chosen and repeated, by whoever has the set-up code. */
export function FirstRun({ attempt }: { readonly attempt: Attempt }) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  const lost = lostOf(usePeople());
  const lossWords = useLossWords();
  const problem = usePinProblem(attempt);
  const [step, setStep] = useState<Step>({ kind: 'reading' });
  const [unread, setUnread] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const begin = useCallback(
    () =>
      consoleLock.needsCode().then(
        (needed) => setStep(needed ? { kind: 'code' } : { kind: 'choose', code: '' }),
        (error: unknown) => setUnread(errorMessage(error)),
      ),
    [consoleLock],
  );
  useEffect(() => void begin(), [begin]);
  async function next() {
    setPin('');
    if (step.kind === 'code') return setStep({ kind: 'choose', code: pin });
    if (step.kind === 'choose') return setStep({ ...step, kind: 'repeat', first: pin });
    if (step.kind !== 'repeat') return;
    await consoleLock.setPin(step.first, pin, step.code);
    // What was refused is typed again.
    await begin();
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
        label={t(LABELS[step.kind])}
        submit={t(step.kind === 'repeat' ? 'staff.first.save' : 'staff.first.next')}
        value={pin}
        disabled={attempt.kind === 'trying' || step.kind === 'reading'}
        problem={step.kind === 'repeat' || pin !== '' ? null : (unread ?? problem)}
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
    case 'wrong-code':
    case 'differs':
    case 'weak':
      return t(`staff.lock.${attempt.kind}`);
    case 'failed':
      return words(attempt.failure);
    default:
      return attempt satisfies never;
  }
}
