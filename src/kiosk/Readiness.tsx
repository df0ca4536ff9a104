import { useTranslation } from 'react-i18next';
import type { StartProgress } from '../state/engine/startup.ts';
import { useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Progress } from '../ui/index.ts';

const engineOf = (model: SessionModel) => model.systems.engine.kind;

/** Shares of the whole start, by how long the stages take on a slow machine: from, to. */
const shares: Readonly<Record<StartProgress['stage'], readonly [from: number, to: number]>> = {
  probe: [0, 0.05],
  download: [0.05, 0.7],
  'warm-up': [0.7, 1],
  // A timed model was started before; the chosen one is started again after it.
  measure: [0, 1],
  // The demonstration's people are enrolled after the engine's start, with the whole line for their progress.
  people: [0, 1],
};

function startShare({ stage, done, total }: StartProgress): number {
  const [from, to] = shares[stage];
  return from + (to - from) * (total > 0 ? Math.min(1, done / total) : 0);
}

const progressOf = ({ phase }: SessionModel) => (phase.kind === 'starting' ? phase.progress : null);
const startingOf = ({ phase }: SessionModel) => phase.kind === 'starting';

/** Progress of the start, along the screen's edge, while the attract screen is shown. */
export function Readiness() {
  const { t } = useTranslation();
  const engineReady = useSession(engineOf) === 'ready';
  const progress = useSession(progressOf);
  const what = engineReady ? t('starting.camera') : t(`starting.${progress?.stage ?? 'detail'}`);
  return (
    useSession(startingOf) && (
      <div className="readiness" data-testid={TEST_IDS.readiness}>
        <Progress label={what} value={engineReady ? 1 : progress ? startShare(progress) : 0} />
      </div>
    )
  );
}
