import type { Clock } from '@rounz/core/time/clock.ts';
import { proxy, type Remote, transfer, wrap } from 'comlink';
import { VISION, type VisionConfig } from './config.ts';
import { VisionError, visionError } from './errors.ts';
import { createLimit, type Limit } from './limit.ts';
import type { VisionEngine, VisionOptions, VisionProgress, VisionReady } from './protocol.ts';

/** What the client needs of a worker; tests use a message port. */
export type EngineWorker = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

export interface ClientDeps {
  readonly startWorker: () => EngineWorker;
  /** against which relative addresses are resolved: the worker's own address lies elsewhere */
  readonly baseUrl: () => string;
  readonly config: Pick<VisionConfig, 'analyseTimeout' | 'startSilence' | 'analyseSlack' | 'maxRestarts'>;
}

const BROWSER: ClientDeps = {
  startWorker: () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'rounz-vision' }),
  baseUrl: () => document.baseURI,
  config: VISION,
};

/** One worker, from its start to its end. */
interface Connection {
  readonly remote: Remote<VisionEngine>;
  /** rejects when the worker is gone */
  readonly ended: Promise<never>;
  end(error: VisionError): void;
}

function connect(startWorker: () => EngineWorker): Connection {
  const worker = startWorker();
  let end: (error: VisionError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      worker.terminate();
      reject(error);
    };
  });
  ended.catch(() => {});
  const crash = (event: Event): void => {
    const why = (event as ErrorEvent).message || 'its program could not be loaded';
    end(
      new VisionError(
        'internal',
        `The vision worker broke down (${why}). The kiosk starts it again by itself.`,
      ),
    );
  };
  worker.addEventListener('error', crash as EventListener);
  worker.addEventListener('messageerror', crash as EventListener);
  return { remote: wrap<VisionEngine>(worker), ended, end };
}

/** How the GPU was lost on this page; later engines start without it. */
let gpuLoss: string | undefined;

const cancelled = (): VisionError =>
  new VisionError('cancelled', 'The vision engine was told to stop, so there is no answer.');

/** Rejects when `signal` aborts; `off` lets go of it. */
function abortion(signal: AbortSignal | undefined): { readonly aborted: Promise<never>; off(): void } {
  let off = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    if (!signal) return;
    const onAbort = () => reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    off = () => signal.removeEventListener('abort', onAbort);
  });
  aborted.catch(() => {});
  return { aborted, off: () => off() };
}

/**
 * The page's end of the engine: starts the worker, hands over frames, and replaces a worker that broke down or hung. A lost
 * GPU is reported as `gpu-lost`; the next `start`, of this or a further engine, then takes WASM.
 */
export function createVisionEngine(clock: Clock, deps: ClientDeps = BROWSER): VisionEngine {
  let connection: Connection | null = null;
  let restart: (() => Promise<VisionReady>) | null = null;
  let restarting: Promise<VisionReady> | null = null;
  let crashes = 0;
  let pending = 0;
  /** the time limit of the next analysis, milliseconds */
  let patience = deps.config.analyseTimeout;

  /** Waits for the worker's answer, its end, an abortion or the time limit, whichever comes first. */
  async function call<T>(
    ask: (remote: Remote<VisionEngine>) => Promise<T>,
    signal?: AbortSignal,
    limit?: Limit,
  ): Promise<T> {
    const current = connection;
    if (!current)
      throw new VisionError('internal', 'The vision engine has not been started. Start it first.');
    const { aborted, off } = abortion(signal);
    limit?.begin(() => hung(current, limit.milliseconds));
    try {
      return await Promise.race([ask(current.remote), current.ended, aborted]);
    } catch (error) {
      const failure = visionError(error);
      if (failure.code === 'gpu-lost') gpuLoss = failure.message;
      throw failure;
    } finally {
      limit?.end();
      off();
    }
  }

  function hung(current: Connection, limit: number): void {
    current.end(
      new VisionError(
        'internal',
        `The vision worker has not answered for ${limit / 1000} s. The kiosk starts it again.`,
      ),
    );
  }

  /** An analysis was answered after `took` milliseconds. */
  function answered(took: number): void {
    crashes = 0;
    patience = Math.max(deps.config.analyseTimeout, deps.config.analyseSlack * took);
  }

  function open(): void {
    const fresh = connect(deps.startWorker);
    connection = fresh;
    fresh.ended.catch(() => {
      if (connection !== fresh) return;
      connection = null;
      replace();
    });
  }

  /** After a breakdown of a worker that was running: a new one, unless it keeps breaking down. */
  function replace(): void {
    if (!restart || crashes >= deps.config.maxRestarts) return;
    crashes += 1;
    open();
    restarting = restart();
    // The next call of `analyse` gets the error.
    restarting.catch(() => {});
  }

  function close(error: VisionError): void {
    const current = connection;
    connection = null;
    restart = null;
    restarting = null;
    current?.end(error);
  }

  function prepared({ signal: _, ...options }: VisionOptions): VisionOptions {
    const absolute = (url: string): string => new URL(url, deps.baseUrl()).href;
    return {
      ...options,
      modelUrl: absolute(options.modelUrl),
      detectorUrl: absolute(options.detectorUrl),
      wasmUrl: absolute(options.wasmUrl),
      ...(gpuLoss === undefined ? {} : { gpuLost: gpuLoss }),
    };
  }

  return {
    async start(options, onProgress) {
      close(cancelled());
      const ask = (progress: (progress: VisionProgress) => void, signal?: AbortSignal) => {
        const silence = createLimit(clock, deps.config.startSilence);
        const heard = (of: VisionProgress) => {
          silence.renew();
          progress(of);
        };
        return call((remote) => remote.start(prepared(options), proxy(heard)), signal, silence);
      };
      open();
      try {
        const ready = await ask(onProgress, options.signal);
        crashes = 0;
        restart = () => ask(() => {});
        return ready;
      } catch (error) {
        close(cancelled());
        throw error;
      }
    },
    async analyse(frame, { embed, agreed, signal }) {
      let ours = true;
      pending += 1;
      try {
        if (pending > 1)
          throw new VisionError('busy', 'A frame is still being analysed; wait for it and ask again.');
        if (restarting) await restarting.finally(() => (restarting = null));
        const sentAt = clock.now();
        const report = await call(
          (remote) => {
            const sent = remote.analyse(transfer(frame, [frame]), { embed, agreed });
            ours = false;
            return sent;
          },
          signal,
          createLimit(clock, patience, () => {
            // It may only have been slow: the next one gets more time, or no frame would ever be done.
            patience *= 2;
          }),
        );
        answered(clock.now() - sentAt);
        return report;
      } finally {
        pending -= 1;
        if (ours) frame.close();
      }
    },
    memory: () => call((remote) => remote.memory()),
    selfTest: () => call((remote) => remote.selfTest()),
    async dispose() {
      close(cancelled());
    },
  };
}
