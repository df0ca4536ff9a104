import { errorMessage } from '@rounz/core/error-message.ts';
import type { BackendRace } from '@rounz/core/model/backend-race.ts';
import type {
  FrameReport,
  VisionEngine,
  VisionOptions,
  VisionProgress,
  VisionReady,
} from '../../vision/protocol.ts';
import type { EngineConfig } from './config.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Health } from './health.ts';
import type { MeasureProgress } from './model-choice.ts';
import type { People } from './people.ts';
import { createEngineSupervisor, isPassing } from './supervisor.ts';
import type { StartProblem, SystemState } from './system-state.ts';

/** How far the start is: the engine's stages, at set-up the models' timing, the people who are enrolled before the kiosk opens. */
export type StartProgress =
  | VisionProgress
  | MeasureProgress
  | { readonly stage: 'people'; readonly done: number; readonly total: number };

/** Runs once engine and gallery are ready and before the kiosk opens to shoppers (demo people). */
export type Prepare = (kiosk: {
  readonly engine: VisionEngine;
  readonly ready: VisionReady;
  readonly people: People;
  readonly onProgress: (done: number, total: number) => void;
}) => Promise<void>;

export interface StartupDeps {
  readonly config: EngineConfig;
  readonly createEngine: () => VisionEngine;
  readonly vision: () => Promise<VisionOptions>;
  readonly people: People;
  readonly health: Health;
  readonly prepare: Prepare | undefined;
  /** what the engine is to have before it serves; never rejects */
  readonly fitOut: (engine: VisionEngine) => Promise<void>;
  readonly onProgress: (progress: StartProgress) => void;
  readonly onSystem: (system: 'engine' | 'gallery', state: SystemState) => void;
}

/** Brings up the gallery and the vision engine, in any order, and keeps the engine running. */
export interface Startup {
  /** the engine while it is ready, else null */
  engine(): VisionEngine | null;
  /** the same for the frame loop: null also while `prepare` has the engine for itself */
  engineForFrames(): VisionEngine | null;
  /** Starts both. Never throws: the outcomes go to `onSystem`. */
  start(): void;
  /** Starts nothing and says why. */
  refuse(reason: StartProblem): void;
  /** Starts the named parts afresh; resolves when they are up or have failed again. */
  restart(parts: { readonly engine: boolean; readonly gallery: boolean }): Promise<void>;
  /** A frame was analysed. */
  succeeded(report: FrameReport): void;
  /** A frame could not be analysed: the engine goes on, is replaced, or is given up. */
  failed(error: unknown): void;
  stop(): Promise<void>;
}

export function createStartup(deps: StartupDeps): Startup {
  const { people, health } = deps;
  /** the engine that `prepare` has for itself */
  let preparing: VisionEngine | null = null;
  let galleryOpen: Promise<void> = Promise.resolve();

  const supervisor = createEngineSupervisor({
    create: deps.createEngine,
    options: deps.vision,
    config: deps.config,
    onProgress: deps.onProgress,
    onState: (state, ready) => {
      health.setReady(ready);
      if (state.kind === 'failed') health.error(state.detail);
      if (ready) void open(ready);
      else deps.onSystem('engine', state);
    },
  });

  /** The engine is ready: prepares what has to be there before the first shopper, and then opens. */
  async function open(ready: VisionReady): Promise<void> {
    const engine = supervisor.current();
    if (!engine) return;
    preparing = engine;
    const onProgress = (done: number, total: number) => deps.onProgress({ stage: 'people', done, total });
    try {
      await galleryOpen;
      if (ready.race) await keepRace(ready.race);
      await deps.fitOut(engine);
      if ((await matched(ready)) && people.store.getState().kind === 'open')
        await deps.prepare?.({ engine, ready, people, onProgress });
    } catch (error) {
      // Everybody else is recognised without it, so the kiosk opens all the same and staff can read why.
      health.error(errorMessage(error));
    }
    if (preparing === engine) preparing = null;
    if (supervisor.current() === engine) deps.onSystem('engine', { kind: 'ready' });
  }

  /** Keeps a race that was run now. It only saves time: a kiosk that cannot keep it races again at the next start. */
  async function keepRace(race: BackendRace): Promise<void> {
    const record = people.engine()?.recogniser;
    if (record && JSON.stringify(record.race()) !== JSON.stringify(race))
      await record.keepRace(race).catch((error: unknown) => health.error(errorMessage(error)));
  }

  function galleryFailed({ code, detail }: Failure): void {
    health.error(detail);
    const reason = code === 'held-elsewhere' ? 'other-window' : 'gallery-unavailable';
    // For another window the screen's own text says all.
    deps.onSystem('gallery', { kind: 'failed', reason, detail: reason === 'other-window' ? '' : detail });
  }

  /** Lets the gallery compare by this model. A gallery that cannot know anybody has failed. @returns whether it can */
  async function matched(ready: VisionReady): Promise<boolean> {
    try {
      await people.engine()?.matcher.setModel(ready);
      return true;
    } catch (error) {
      galleryFailed(failureOf(error));
      return false;
    }
  }

  async function openGallery(): Promise<void> {
    deps.onSystem('gallery', { kind: 'pending' });
    await people.open();
    const state = people.store.getState();
    if (state.kind === 'failed') return galleryFailed(state);
    // A later opening has taken this one's place.
    if (state.kind !== 'open') return;
    const { ready } = health.store.getState();
    if (!ready || (await matched(ready))) deps.onSystem('gallery', { kind: 'ready' });
  }

  return {
    engine: () => supervisor.current(),
    engineForFrames: () => (preparing && preparing === supervisor.current() ? null : supervisor.current()),
    start() {
      galleryOpen = openGallery();
      void supervisor.start();
    },
    refuse(reason) {
      for (const system of ['engine', 'gallery'] as const)
        deps.onSystem(system, { kind: 'failed', reason, detail: '' });
    },
    async restart({ engine, gallery }) {
      if (gallery) {
        // What is open of it may be what has failed.
        people.close();
        galleryOpen = openGallery();
      }
      if (engine) await supervisor.start();
      await galleryOpen;
    },
    succeeded(report) {
      supervisor.succeeded();
      health.frame(report);
    },
    failed(error) {
      if (!isPassing(error)) health.error(errorMessage(error));
      supervisor.failed(error);
    },
    stop: () => supervisor.stop(),
  };
}
