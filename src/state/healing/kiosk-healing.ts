import { errorMessage } from '@rounz/core/error-message.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { CameraState, FrameSource } from '../../camera/types.ts';
import { codeOf } from '../engine/failure.ts';
import type { Health } from '../engine/health.ts';
import type { Startup } from '../engine/startup.ts';
import type { SystemState } from '../engine/system-state.ts';
import { isWatching } from '../session/machine.ts';
import type { Session } from '../session/session.ts';
import type { HealingConfig, Part } from './config.ts';
import { createHealer, type HealerState } from './healer.ts';
import type { Surroundings } from './model.ts';
import type { Presence } from './presence.ts';
import type { Memory } from './reload-note.ts';

/** What the browser lends the kiosk to mend itself with. */
export interface HealingHands {
  /** outlives a reload, and not a restart of the browser */
  readonly memory: Memory;
  /** whether this computer has run WebGPU before; `had` is false where the address asks for another backend */
  readonly gpu: { readonly had: () => boolean; readonly keep: () => void };
  readonly reload: () => void;
  /** a sign of life that the system's watcher sees */
  readonly beat: () => void;
  /** whether the page is seen: a hidden one gets no frames */
  readonly visible: () => boolean;
  /** local hour, 0..23 */
  readonly hour: () => number;
}

/** The kiosk's own repair, as the screens see it. */
export interface Healing {
  readonly store: StoreApi<HealerState>;
  /** The screen cannot be drawn. */
  crashed(error: unknown): void;
  /** An error that nobody caught. */
  uncaught(error: unknown): void;
  /** Somebody touched the screen or a key. */
  touched(): void;
  /** Whether this kiosk computes without the GPU that it had. */
  withoutGpu(): boolean;
}

export interface KioskHealing extends Healing {
  /** A part came up, failed or is starting. @returns whether the session is to be told: a quiet retry is not */
  system(system: 'engine' | 'gallery', state: SystemState): boolean;
  /** The start of the engine has come further. */
  progress(): void;
  /** A frame was analysed. */
  frame(): void;
  /** The gallery could not do what it was asked: for the health view, and opened anew where its storage has gone. */
  refused(error: unknown): void;
  /** The same for work whose failure goes on to whoever asked. */
  rethrown(error: unknown): never;
  run(): () => void;
}

export interface KioskHealingDeps {
  readonly config: HealingConfig;
  readonly clock: Clock;
  readonly session: Session;
  readonly source: FrameSource;
  readonly startup: () => Pick<Startup, 'restart'>;
  readonly health: Health;
  readonly presence: Presence;
  /** a kiosk without them mends nothing by itself */
  readonly hands: HealingHands | undefined;
}

const noMemory: Memory = { read: () => null, write: () => false };

/** Connects the repair with the parts that it watches and restarts. */
export function createHealing(deps: KioskHealingDeps): KioskHealing {
  const { session, source, health, presence, hands } = deps;

  function surroundings(): Surroundings {
    const { phase, systems } = session.store.getState();
    const running = systems.engine.kind === 'ready' && systems.camera.kind === 'live';
    return {
      quietFor: presence.quietFor(),
      framesWanted: running && isWatching(phase) && (hands?.visible() ?? false),
      hour: hands?.hour() ?? 12,
      withoutGpu: withoutGpu(),
    };
  }

  const withoutGpu = (): boolean =>
    health.store.getState().ready?.backend === 'wasm' && (hands?.gpu.had() ?? false);

  function retry(part: Exclude<Part, 'screen' | 'page'>): void {
    if (part === 'camera') void source.start();
    else void deps.startup().restart({ engine: part === 'engine', gallery: part === 'gallery' });
  }

  const healer = createHealer({
    config: deps.config,
    clock: deps.clock,
    memory: hands?.memory ?? noMemory,
    surroundings,
    retry,
    reload: () => hands?.reload(),
    beat: () => hands?.beat(),
    onError: health.error,
  });

  function refused(error: unknown): void {
    health.error(errorMessage(error));
    lookAtStorage(error);
  }

  /** The browser has closed or removed the storage: what is in memory cannot be kept any more. */
  function lookAtStorage(error: unknown): void {
    if (codeOf(error) === 'unavailable') healer.failed('gallery', errorMessage(error));
  }

  function camera(state: CameraState): void {
    if (state.kind === 'live') healer.well('camera');
    else if (state.kind === 'problem' && state.problem !== 'unsupported')
      healer.failed('camera', state.detail);
  }

  return {
    store: healer.store,
    crashed(error) {
      healer.failed('screen', errorMessage(error));
      health.error(`The screen could not be drawn: ${errorMessage(error)}`);
    },
    uncaught: healer.uncaught,
    touched: presence.touched,
    withoutGpu,
    system(system, state) {
      const quiet = healer.retrying(system);
      if (state.kind === 'failed') healer.failed(system, state.detail, state.reason === 'other-window');
      else if (state.kind === 'ready') healer.well(system);
      else healer.starting(system);
      return !(quiet && state.kind === 'pending');
    },
    progress: () => healer.progress('engine'),
    frame: healer.frame,
    refused,
    rethrown(error) {
      lookAtStorage(error);
      throw error;
    },
    run() {
      const ends = [presence.run()];
      if (hands)
        ends.push(
          source.subscribe(camera),
          health.store.subscribe(({ ready }) => ready?.backend === 'webgpu' && hands.gpu.keep()),
          healer.run(),
        );
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
