import type { FilterChoices, Width } from '@rounz/core/catalogue/filter.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { FitOutcome } from '../../state/session/fit.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, Dialog } from '../../ui/index.ts';

interface FitDialogProps {
  readonly choices: Pick<FilterChoices, 'width'>;
  /** shows the frames of that width */
  readonly onShow: (width: Width) => void;
  readonly onClose: () => void;
}

type State = { readonly kind: 'ask' | 'looking' } | FitOutcome;

/**
 * Asks, looks, and tells in words how wide the visitor's face is for the distance between its eyes. What was seen goes with the
 * dialog.
 */
export function FitDialog({ choices, onShow, onClose }: FitDialogProps) {
  const { t } = useTranslation();
  const { state, look } = useLook();
  const fits = state.kind === 'told' && choices.width.includes(state.width) ? state.width : null;
  return (
    <Dialog
      sheet
      testId={TEST_IDS.fitDialog}
      title={t('fit.title')}
      onClose={onClose}
      actions={
        <>
          {fits && (
            <Button look="primary" onClick={() => onShow(fits)} data-testid={TEST_IDS.fitShow}>
              {t('fit.show')}
            </Button>
          )}
          {state.kind !== 'looking' && (
            <Button
              look={fits ? 'plain' : 'primary'}
              icon={state.kind === 'ask' ? 'camera' : 'again'}
              onClick={() => void look()}
              data-testid={TEST_IDS.fitLook}
            >
              {t(state.kind === 'ask' ? 'fit.look' : 'fit.again')}
            </Button>
          )}
          <Button onClick={onClose} data-testid={TEST_IDS.fitClose}>
            {t('fit.close')}
          </Button>
        </>
      }
    >
      <div
        className="fit"
        role="status"
        data-testid={TEST_IDS.fit}
        data-state={state.kind}
        data-width={state.kind === 'told' ? state.width : undefined}
      >
        <Words state={state} />
        {state.kind === 'told' && !fits && <p>{t('fit.none')}</p>}
      </div>
    </Dialog>
  );
}

function Words({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'ask':
      return (
        <>
          <p>{t('fit.what')}</p>
          <p>{t('fit.kept')}</p>
        </>
      );
    case 'looking':
      return <p className="fit__verdict">{t('fit.looking')}</p>;
    case 'told':
      return (
        <>
          <p className="fit__verdict">{t(`fit.told.${state.width}`)}</p>
          <p>{t('fit.limits')}</p>
        </>
      );
    case 'unseen':
      return (
        <>
          <p className="fit__verdict">{t('fit.unseen')}</p>
          <p>{t(`hint.${state.issue}`)}</p>
        </>
      );
    default:
      return state satisfies never;
  }
}

/** Looks once for each touch; calls the look off when the dialog goes. */
function useLook() {
  const { fit, session } = useKiosk();
  const [state, setState] = useState<State>({ kind: 'ask' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    state,
    async look() {
      session.touch('active');
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState({ kind: 'looking' });
      const outcome = await fit.look(controller.signal);
      if (outcome && !controller.signal.aborted) setState(outcome);
    },
  };
}
