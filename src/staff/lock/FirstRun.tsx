import { errorMessage } from '@rounz/core/error-message.ts';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople } from '../../state/react.ts';
import type { Attempt } from '../../state/staff/lock.ts';
import type { SetUpProof } from '../../state/staff/set-up-code.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { PinEntry } from '../parts/PinEntry.tsx';
import { useProblemWords } from '../parts/Problem.tsx';
import { useLossWords } from '../people/LostNotice.tsx';
import { BackupProof } from './BackupProof.tsx';

/** What shows that somebody may choose the PIN, then the PIN, then the PIN once more. */
type Step =
  | { readonly kind: 'reading' }
  | { readonly kind: 'code' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'backup' }
  | { readonly kind: 'choose'; readonly proof: SetUpProof }
  | { readonly kind: 'repeat'; readonly proof: SetUpProof; readonly first: string };

const LABELS = {
  code: 'staff.first.code',
  choose: 'staff.first.choose',
  repeat: 'staff.first.again',
} as const;

/** The first run: the staff PIN is chosen and repeated, by whoever has the set-up code or a backup of what was lost. */
export function FirstRun({ attempt }: { readonly attempt: Attempt }) {
  const { t } = useTranslation();
  const { consoleLock } = useKiosk();
  const lost = lostOf(usePeople());
  const lossWords = useLossWords();
  const problem = usePinProblem(attempt);
  const [step, setStep] = useState<Step>({ kind: 'reading' });
  const [unread, setUnread] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const begin = useCallback(() => {
    setUnread(null);
    return consoleLock.setUpNeed().then(
      (need) => setStep(need === 'free' ? { kind: 'choose', proof: { kind: 'none' } } : { kind: need }),
      (error: unknown) => setUnread(errorMessage(error)),
    );
  }, [consoleLock]);
  useEffect(() => void begin(), [begin]);
  async function next() {
    setPin('');
    if (step.kind === 'code') return setStep({ kind: 'choose', proof: { kind: 'code', code: pin } });
    if (step.kind === 'choose') return setStep({ ...step, kind: 'repeat', first: pin });
    if (step.kind !== 'repeat') return;
    await consoleLock.setPin(step.first, pin, step.proof);
    // What was refused is typed again.
    await begin();
  }
  const typed = step.kind === 'code' || step.kind === 'choose' || step.kind === 'repeat';
  return (
    <div className="lock-panel" data-testid={STAFF_IDS.firstRun} data-step={step.kind}>
      <h2 className="lock-panel__title">{t('staff.first.title')}</h2>
      {lost ? (
        <p className="notice notice--alert" role="alert" data-testid={STAFF_IDS.lost}>
          {lossWords(lost, 'pin')}
        </p>
      ) : (
        <p className="lock-panel__lead">{t('staff.first.lead')}</p>
      )}
      {typed && (
        <PinEntry
          key={step.kind}
          label={t(LABELS[step.kind])}
          submit={t(step.kind === 'repeat' ? 'staff.first.save' : 'staff.first.next')}
          value={pin}
          disabled={attempt.kind === 'trying'}
          problem={step.kind === 'repeat' || pin !== '' ? null : (unread ?? problem)}
          onChange={setPin}
          onSubmit={() => void next()}
        />
      )}
      {step.kind === 'backup' && (
        <BackupProof
          problem={problem}
          onProof={(proof) => setStep({ kind: 'choose', proof })}
          onBack={() => void begin()}
        />
      )}
      {step.kind === 'missing' && <Missing onRetry={() => void begin()} />}
      {step.kind === 'reading' && unread && <Missing why={unread} onRetry={() => void begin()} />}
      {lost && (step.kind === 'code' || step.kind === 'missing') && (
        <Button onClick={() => setStep({ kind: 'backup' })} data-testid={STAFF_IDS.byBackup}>
          {t('staff.first.byBackup')}
        </Button>
      )}
      {!lost && typed && <p className="lock-panel__note">{t('staff.first.note')}</p>}
    </div>
  );
}

interface MissingProps {
  /** why it cannot be known; absent: there is no code */
  readonly why?: string;
  readonly onRetry: () => void;
}

/** Nobody chooses a PIN: an installation without a code would belong to whoever comes first. */
function Missing({ why, onRetry }: MissingProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p className="notice notice--alert lock-panel__missing" role="alert">
        {why ?? t('staff.first.missing')}
      </p>
      <Button look="primary" icon="again" onClick={onRetry}>
        {t('staff.first.retry')}
      </Button>
    </>
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
    case 'wrong-backup':
    case 'differs':
    case 'weak':
      return t(`staff.lock.${attempt.kind}`);
    case 'failed':
      return words(attempt.failure);
    default:
      return attempt satisfies never;
  }
}
