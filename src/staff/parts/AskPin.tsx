import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffLock, UnlockResult } from '../../gallery/contract/lock.ts';
import { failureOf } from '../../state/engine/failure.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatTime } from '../../ui/i18n/index.ts';
import { Button, Dialog } from '../../ui/index.ts';
import { PinEntry } from './PinEntry.tsx';
import { useProblemWords } from './Problem.tsx';

interface AskPinProps {
  /** `main`: the PIN that manages staff */
  readonly whose: 'own' | 'main';
  /** tries the PIN; what it throws is shown */
  readonly attempt: (lock: StaffLock, pin: string) => Promise<UnlockResult>;
  readonly onRight: () => void;
  readonly onClose: () => void;
}

/** Asks for a PIN over an open console, and stays until it is right or given up. */
export function AskPin({ whose, attempt, onRight, onClose }: AskPinProps) {
  const { t, i18n } = useTranslation();
  const { people } = useKiosk();
  const words = useProblemWords();
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const lock = people.engine()?.lock;
  async function send() {
    if (!lock) return;
    setBusy(true);
    setPin('');
    try {
      const result = await attempt(lock, pin);
      if (result.kind === 'open') return onRight();
      setProblem(
        result.kind === 'wrong'
          ? t('staff.lock.wrong')
          : t('lookup.wait', { time: formatTime(result.retryAt, i18n.language) }),
      );
    } catch (error) {
      setProblem(words(failureOf(error)));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog
      testId={STAFF_IDS.askPin}
      title={t(whose === 'own' ? 'staff.askPin.title' : 'staff.askPin.main')}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('staff.askPin.cancel')}</Button>}
    >
      <div className="ask-pin">
        <p>{t(whose === 'own' ? 'staff.askPin.detail' : 'staff.askPin.mainDetail')}</p>
        <PinEntry
          label={t(whose === 'own' ? 'staff.askPin.pin' : 'staff.askPin.mainPin')}
          submit={t(busy ? 'staff.lock.trying' : 'staff.askPin.go')}
          value={pin}
          problem={pin === '' ? problem : null}
          disabled={busy}
          onChange={setPin}
          onSubmit={() => void send()}
        />
      </div>
    </Dialog>
  );
}

/** The PIN once more before an act. `ask` opens the dialog; the act follows a right PIN. */
export function usePinAgain(): { readonly ask: (act: () => void) => void; readonly dialog: ReactNode } {
  const [act, setAct] = useState<(() => void) | null>(null);
  const close = () => setAct(null);
  return {
    ask: (next) => setAct(() => next),
    dialog: act && (
      <AskPin
        whose="own"
        attempt={(lock, pin) => lock.confirm(pin)}
        onRight={() => {
          close();
          act();
        }}
        onClose={close}
      />
    ),
  };
}
