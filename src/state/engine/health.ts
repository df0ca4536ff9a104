import { errorMessage } from '@rounz/core/error-message.ts';
import { median } from '@rounz/core/math/median.ts';
import { type Clock, sleep } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameReport, PassiveState, VisionEngine, VisionReady } from '../../vision/protocol.ts';
import type { HealthConfig } from './config.ts';
import type { ModelInUse } from './model-choice.ts';

/** Milliseconds over the last frames. */
export interface FrameFigures {
  readonly frames: number;
  readonly medianDetect: number;
  /** over the frames that embedded; 0 where none did */
  readonly medianEmbed: number;
  readonly medianTotal: number;
  readonly worstTotal: number;
}

export interface HealthState {
  readonly ready: VisionReady | null;
  /** which recogniser this kiosk runs and why; null before the choice */
  readonly model: ModelInUse | null;
  readonly figures: FrameFigures | null;
  readonly memory: { readonly tensors: number; readonly bytes: number } | null;
  readonly storage: {
    readonly persisted: boolean;
    readonly usedBytes: number;
    readonly quotaBytes: number;
  } | null;
  /** the kiosk's own version, and whether it would start without a network; null where it is not kept here */
  readonly release: {
    readonly current: string | null;
    readonly onTrial: boolean;
    readonly waiting: boolean;
    readonly refused: readonly string[];
  } | null;
  readonly selfTest: SelfTestState;
  /** whether the passive check runs */
  readonly passive: PassiveState;
  /** greetings since the start that it took for a picture, or could not look at */
  readonly doubted: { readonly picture: number; readonly unchecked: number };
  /** the newest last */
  readonly errors: readonly { readonly at: string; readonly message: string }[];
}

/** The golden embeddings, replayed on demand. `worst`: largest difference of any value, absolute. */
export type SelfTestState =
  | { readonly kind: 'not-run' }
  | { readonly kind: 'running' }
  | { readonly kind: 'passed'; readonly worst: number; readonly cases: number }
  | { readonly kind: 'failed'; readonly detail: string };

export interface Health {
  readonly store: StoreApi<HealthState>;
  setReady(ready: VisionReady | null): void;
  setModel(model: ModelInUse): void;
  setRelease(release: HealthState['release']): void;
  setPassive(passive: PassiveState): void;
  /** The passive check did not believe a face. */
  doubted(why: keyof HealthState['doubted']): void;
  /** Shows that the running backend still computes what the trainer computed. Never rejects. */
  selfTest(): Promise<void>;
  frame(report: FrameReport): void;
  /** @param at when it happened; ISO 8601, now where it is not given */
  error(message: string, at?: string): void;
  /** Looks at memory, storage and frame times again and again until stopped: only while somebody reads it. */
  watch(): () => void;
}

/** most errors kept for the view */
const ERROR_LIMIT = 20;

const medianOrNone = (values: readonly number[]): number => (values.length === 0 ? 0 : median(values));

function figuresOf(timings: readonly FrameReport['timings'][]): FrameFigures | null {
  if (timings.length === 0) return null;
  const totals = timings.map((timing) => timing.total);
  return {
    frames: timings.length,
    medianDetect: medianOrNone(timings.map((timing) => timing.detect)),
    medianEmbed: medianOrNone(timings.map((timing) => timing.embed).filter((ms) => ms > 0)),
    medianTotal: median(totals),
    worstTotal: Math.max(...totals),
  };
}

async function replay(engine: VisionEngine | null): Promise<SelfTestState> {
  if (!engine)
    return { kind: 'failed', detail: 'The recogniser is not running, so nothing could be replayed.' };
  try {
    const { worst, tolerance, cases } = await engine.selfTest();
    return worst <= tolerance
      ? { kind: 'passed', worst, cases }
      : { kind: 'failed', detail: `off by ${worst.toFixed(4)}, allowed ${tolerance}` };
  } catch (error) {
    return { kind: 'failed', detail: errorMessage(error) };
  }
}

export interface HealthDeps {
  readonly clock: Clock;
  readonly config: HealthConfig;
  readonly engine: () => VisionEngine | null;
  /** what the browser keeps for us, or null where it does not tell */
  readonly storage: () => Promise<HealthState['storage']>;
}

/** How the kiosk is, for staff. */
export function createHealth(deps: HealthDeps): Health {
  const store = createStore<HealthState>()(() => ({
    ready: null,
    model: null,
    figures: null,
    memory: null,
    storage: null,
    release: null,
    selfTest: { kind: 'not-run' },
    passive: { kind: 'off' },
    doubted: { picture: 0, unchecked: 0 },
    errors: [],
  }));
  let timings: readonly FrameReport['timings'][] = [];

  async function look(): Promise<void> {
    // A question that fails is one that the engine or the browser cannot answer now: shown as unknown.
    const [memory, storage] = await Promise.all([
      deps
        .engine()
        ?.memory()
        .catch(() => null) ?? null,
      deps.storage().catch(() => null),
    ]);
    store.setState({ memory, storage, figures: figuresOf(timings) });
  }

  async function keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await look();
      await sleep(deps.clock, deps.config.poll, signal);
    }
  }

  return {
    store,
    setReady: (ready) => store.setState({ ready }),
    setModel: (model) => store.setState({ model }),
    setRelease: (release) => store.setState({ release }),
    setPassive: (passive) => store.setState({ passive }),
    doubted: (why) => store.setState(({ doubted }) => ({ doubted: { ...doubted, [why]: doubted[why] + 1 } })),
    async selfTest() {
      if (store.getState().selfTest.kind === 'running') return;
      store.setState({ selfTest: { kind: 'running' } });
      store.setState({ selfTest: await replay(deps.engine()) });
    },
    frame(report) {
      timings = [...timings.slice(1 - deps.config.frameWindow), report.timings];
    },
    error(message, at = deps.clock.date()) {
      const entry = { at, message };
      store.setState(({ errors }) => ({ errors: [...errors.slice(1 - ERROR_LIMIT), entry] }));
    },
    watch() {
      const abort = new AbortController();
      void keepLooking(abort.signal);
      return () => abort.abort();
    },
  };
}
