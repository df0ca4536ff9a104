import { errorMessage } from '@rounz/core/error-message.ts';
import type {
  VisionEngine,
  VisionErrorCode,
  VisionOptions,
  VisionProgress,
  VisionReady,
} from '../../vision/protocol.ts';
import type { EngineConfig } from './config.ts';
import type { EngineProblem, SystemState } from './system-state.ts';

const problems: readonly EngineProblem[] = [
  'model-missing',
  'model-corrupt',
  'backend-unavailable',
  'gpu-lost',
  'internal',
];

/** The code of a `VisionError`, also of one that crossed a worker's boundary and lost its class. */
export function visionErrorCode(error: unknown): VisionErrorCode {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'busy' || code === 'cancelled') return code;
  return problems.find((problem) => problem === code) ?? 'internal';
}

/** Not a fault: the frame came while another was in work, or its work was called off. */
export function isPassing(error: unknown): boolean {
  const code = visionErrorCode(error);
  return code === 'busy' || code === 'cancelled';
}

export interface EngineSupervisorDeps {
  readonly create: () => VisionEngine;
  readonly options: () => Promise<VisionOptions>;
  readonly config: EngineConfig;
  readonly onProgress: (progress: VisionProgress) => void;
  readonly onState: (state: SystemState, ready: VisionReady | null) => void;
}

export interface EngineSupervisor {
  /** the engine while it is ready, else null */
  current(): VisionEngine | null;
  /** Starts, or starts afresh after a failure. Never rejects: the outcome goes to `onState`. */
  start(): Promise<void>;
  /** An analysis failed: decides whether to go on, to restart or to give up. */
  failed(error: unknown): void;
  /** An analysis succeeded. */
  succeeded(): void;
  stop(): Promise<void>;
}

/** Keeps one engine running: a lost GPU is met by a new engine, a broken model by saying so. */
export function createEngineSupervisor(deps: EngineSupervisorDeps): EngineSupervisor {
  let engine: VisionEngine | null = null;
  let ready = false;
  let generation = 0;
  let restarts = 0;
  let failures = 0;
  let successes = 0;

  async function discard(): Promise<void> {
    const old = engine;
    engine = null;
    ready = false;
    // A broken engine may fail even while it is disposed of; nothing more can be done with it.
    await old?.dispose().catch(() => {});
  }

  function giveUp(error: unknown): void {
    const code = visionErrorCode(error);
    const reason = code === 'busy' || code === 'cancelled' ? 'internal' : code;
    deps.onState({ kind: 'failed', reason, detail: errorMessage(error) }, null);
  }

  async function start(): Promise<void> {
    const mine = ++generation;
    await discard();
    if (mine !== generation) return;
    deps.onState({ kind: 'pending' }, null);
    try {
      const options = await deps.options();
      if (mine !== generation) return;
      engine = deps.create();
      const facts = await engine.start(options, (progress) => {
        if (mine === generation) deps.onProgress(progress);
      });
      if (mine !== generation) return;
      ready = true;
      failures = 0;
      deps.onState({ kind: 'ready' }, facts);
    } catch (error) {
      if (mine !== generation) return;
      await discard();
      giveUp(error);
    }
  }

  return {
    current: () => (ready ? engine : null),
    start: () => {
      restarts = 0;
      return start();
    },
    failed(error) {
      if (isPassing(error) || !ready) return;
      failures += 1;
      if (visionErrorCode(error) !== 'gpu-lost' && failures < deps.config.maxFailures) return;
      if (restarts >= deps.config.maxRestarts) {
        generation += 1;
        void discard();
        giveUp(error);
        return;
      }
      restarts += 1;
      successes = 0;
      void start();
    },
    succeeded() {
      failures = 0;
      successes += 1;
      if (successes >= deps.config.steadyAfter) restarts = 0;
    },
    async stop() {
      generation += 1;
      await discard();
    },
  };
}
