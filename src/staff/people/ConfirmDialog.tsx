import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { words } from '../../state/words.ts';
import { Button, Dialog } from '../../ui/index.ts';

interface ConfirmDialogProps {
  readonly title: string;
  readonly detail: string;
  readonly confirm: string;
  readonly act: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is erased, and stays open with the reason when it could not be. */
export function ConfirmDialog({ title, detail, confirm, act, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({
    busy: false,
    problem: null,
  });
  async function go() {
    setState({ busy: true, problem: null });
    try {
      await act();
      onClose();
    } catch (error) {
      setState({ busy: false, problem: words(error) });
    }
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose} data-testid={TEST_IDS.cancelDelete}>
            {t('people.cancel')}
          </Button>
          <Button
            look="danger"
            disabled={state.busy}
            onClick={() => void go()}
            data-testid={TEST_IDS.confirmDelete}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <p>{detail}</p>
      {state.problem && (
        <p className="problem" role="alert">
          {t('people.changeFailed', { detail: state.problem })}
        </p>
      )}
    </Dialog>
  );
}
