import type { Clock } from '@rounz/core/time/clock.ts';
import { proxy, type Remote, wrap } from 'comlink';
import type { VisionConfig } from './config.ts';
import { createEnding, type Ending } from './ending.ts';
import { VisionError, visionError } from './errors.ts';
import { createLimit, type Limit } from './limit.ts';
import type { VisionOptions, VisionPart, VisionProgress, VisionReady, VisionWorker } from './protocol.ts';

/** What a link needs of a worker; tests use a message port. */
export type EngineWorker = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

export interface LinkDeps {
  readonly clock: Clock;
  readonly startWorker: () => EngineWorker;
  readonly config: Pick<VisionConfig, 'analyseTimeout' | 'startSilence' | 'analyseSlack' | 'maxRestarts'>;
  /** the options as they hold now: a GPU that was lost meanwhile is not asked for again */
  readonly prepared: (options: VisionOptions) => VisionOptions & { readonly part: VisionPart };
  readonly onGpuLost: (message: string) => void;
}

type Ask<T> = (remote: Remote<VisionWorker>) => Promise<T>;

/** The page's end of one worker: starts it, ends it where it hangs, and replaces it where it broke down. */
export interface Link {
  /** Starts a fresh worker. @returns null of a worker that has no recogniser */
  start(
    options: VisionOptions,
    onProgress: (progress: VisionProgress) => void,
    signal?: AbortSignal,
  ): Promise<Omit<VisionReady, 'workers'> | null>;
  /** A frame's work: waits for a worker that is being replaced; one that does not answer in time has hung. */
  work<T>(ask: Ask<T>, signal?: AbortSignal): Promise<T>;
  /** Anything else; a worker that is silent for as long as a start may be has hung. */
  call<T>(ask: Ask<T>): Promise<T>;
  close(): void;
}

/** One worker, from its start to its end. */
interface Connection {
  readonly remote: Remote<VisionWorker>;
  readonly ending: Ending;
  end(error: VisionError): void;
}

function connect(startWorker: () => EngineWorker): Connection {
  const worker = startWorker();
  const ending = createEnding();
  const end = (error: VisionError): void => {
    worker.terminate();
    ending.end(error);
  };
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
  return { remote: wrap<VisionWorker>(worker), ending, end };
}

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

export function createLink({ clock, startWorker, config, prepared, onGpuLost }: LinkDeps): Link {
  let connection: Connection | null = null;
  let restart: (() => Promise<unknown>) | null = null;
  let restarting: Promise<unknown> | null = null;
  let crashes = 0;
  /** the time limit of the next work, milliseconds */
  let patience = config.analyseTimeout;

  /** Waits for the worker's answer, its end, an abortion or the time limit, whichever comes first. */
  async function call<T>(ask: Ask<T>, signal?: AbortSignal, limit?: Limit): Promise<T> {
    const current = connection;
    if (!current)
      throw new VisionError('internal', 'The vision engine has not been started. Start it first.');
    const { aborted, off } = abortion(signal);
    limit?.begin(() => hung(current, limit.milliseconds));
    try {
      return await current.ending.during(Promise.race([ask(current.remote), aborted]));
    } catch (error) {
      const failure = visionError(error);
      if (failure.code === 'gpu-lost') onGpuLost(failure.message);
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

  /** Work was answered after `took` milliseconds. */
  function answered(took: number): void {
    crashes = 0;
    patience = Math.max(config.analyseTimeout, config.analyseSlack * took);
  }

  function open(): void {
    const fresh = connect(startWorker);
    connection = fresh;
    fresh.ending.ended.catch(() => {
      if (connection !== fresh) return;
      connection = null;
      replace();
    });
  }

  /** After a breakdown of a worker that was running: a new one, unless it keeps breaking down. */
  function replace(): void {
    if (!restart || crashes >= config.maxRestarts) return;
    crashes += 1;
    open();
    restarting = restart();
    // The next work gets the error.
    restarting.catch(() => {});
  }

  function close(): void {
    const current = connection;
    connection = null;
    restart = null;
    restarting = null;
    current?.end(cancelled());
  }

  return {
    async start(options, onProgress, signal) {
      close();
      const ask = (progress: (progress: VisionProgress) => void, until?: AbortSignal) => {
        const silence = createLimit(clock, config.startSilence);
        const heard = (of: VisionProgress) => {
          silence.renew();
          progress(of);
        };
        return call((remote) => remote.start(prepared(options), proxy(heard)), until, silence);
      };
      open();
      try {
        const ready = await ask(onProgress, signal);
        crashes = 0;
        restart = () => ask(() => {});
        return ready;
      } catch (error) {
        close();
        throw error;
      }
    },
    async work(ask, signal) {
      if (restarting) await restarting.finally(() => (restarting = null));
      const sentAt = clock.now();
      const limit = createLimit(clock, patience, () => {
        // It may only have been slow: the next one gets more time, or no frame would ever be done.
        patience *= 2;
      });
      const answer = await call(ask, signal, limit);
      answered(clock.now() - sentAt);
      return answer;
    },
    // A worker that is asked for nothing else, as behind the health view, is found out by it, too.
    call: (ask) => call(ask, undefined, createLimit(clock, config.startSilence)),
    close,
  };
}
