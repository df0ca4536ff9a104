import type { ChallengeFailure } from '@rounz/core/liveness/challenge.ts';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { TurnView } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { turnWords } from './turn-words.ts';

/** Period of the countdown, milliseconds. */
const TICK = 200;

/** Drawn on a 160x160 grid: an arrow to the visitor's own side, as a mirror shows it, and a face that looks ahead. */
const SIGNS = {
  left: <path d="M150 80H18M72 22 14 80l58 58" />,
  right: <path d="M10 80h132M88 22l58 58-58 58" />,
  up: <path d="M80 150V18M22 72l58-58 58 58" />,
  down: <path d="M80 10v132M22 88l58 58 58-58" />,
  ahead: (
    <>
      <circle cx="80" cy="80" r="66" />
      <path d="M56 66v8M104 66v8M80 74v24M58 116q22 14 44 0" />
    </>
  ),
} as const;

/** What is said before a try. No try follows on a turn to another way. */
const againWords = (failure: ChallengeFailure | null) =>
  failure && failure !== 'wrong-side' ? (`turn.again.${failure}` as const) : 'turn.why';

/** Asks the visitor to turn their head: what no picture does. Large, for there are seconds to understand it. */
export function TurnPanel({ view }: { readonly view: TurnView }) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const sign = view.kind === 'turn' ? view.way : 'ahead';
  return (
    <Panel
      subject="turn"
      title={t(turnWords(view))}
      detail={view.kind === 'steady' ? t(againWords(view.failure)) : undefined}
      actions={
        <Button icon="back" onClick={() => session.touch('done')} data-testid={TEST_IDS.confirmBack}>
          {t('lookup.back')}
        </Button>
      }
    >
      <div className="turn" data-testid={TEST_IDS.turn} data-kind={view.kind} data-sign={sign}>
        <svg className="turn__sign" data-kind={view.kind} viewBox="0 0 160 160" aria-hidden="true">
          {SIGNS[sign]}
        </svg>
        <p className="turn__left" aria-hidden="true">
          {view.kind === 'steady' ? '' : <SecondsLeft until={view.until} />}
        </p>
      </div>
    </Panel>
  );
}

/** Whole seconds that are left, counted down. */
function SecondsLeft({ until }: { readonly until: number }) {
  const { clock } = useKiosk();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    let cancel = () => {};
    const tick = () => {
      setNow(clock.now());
      cancel = clock.after(TICK, tick);
    };
    cancel = clock.after(TICK, tick);
    return () => cancel();
  }, [clock]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
