import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { useAct } from '../parts/use-act.ts';

interface ConfirmDialogProps {
  readonly title: string;
  readonly detail: ReactNode;
  readonly confirm: string;
  /** a word that must be typed first, against a touch by mistake */
  readonly typed?: { readonly word: string; readonly label: string; readonly testId: string };
  readonly act: (onProgress: (share: number) => void) => Promise<unknown>;
  readonly onClose: () => void;
  /** what else has to be chosen */
  readonly children?: ReactNode;
}

/** Asks before something is erased. Stays open with the reason if it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, detail, confirm, typed, act: work, onClose, children } = props;
  const { t } = useTranslation();
  const { act, busy, run } = useAct();
  const [word, setWord] = useState('');
  const ready = !busy && (typed === undefined || word.trim() === typed.word);
  async function go() {
    if (await run(work)) onClose();
  }
  return (
    <Dialog
      title={title}
      onClose={() => !busy && onClose()}
      actions={
        <>
          <Button disabled={busy} onClick={onClose} data-testid={TEST_IDS.cancelDelete}>
            {t('people.cancel')}
          </Button>
          <Button
            look="danger"
            disabled={!ready}
            onClick={() => void go()}
            data-testid={TEST_IDS.confirmDelete}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <p>{detail}</p>
      {children}
      {typed && (
        <label className="dialog__typed">
          <span>{typed.label}</span>
          <input
            className="field__input"
            value={word}
            autoComplete="off"
            onChange={(event) => setWord(event.currentTarget.value)}
            data-testid={typed.testId}
          />
        </label>
      )}
      <ActOutcome act={act} busy={t('staff.busy')} done="" />
    </Dialog>
  );
}
