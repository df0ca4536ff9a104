import type { EmbeddingRole } from '@rounz/core/model/embedder.ts';
import { type Clock, sleep } from '@rounz/core/time/clock.ts';
import type { FrameSource } from '../../camera/types.ts';
import type { EmbedGate, FaceArea, FrameReport, VisionEngine } from '../../vision/protocol.ts';
import type { PumpConfig } from './config.ts';

/** What to do with the next frame. */
export interface FramePlan {
  /** embed a face, where `gate` lets it through */
  readonly embed: boolean;
  readonly gate?: EmbedGate;
  /** absent: a probe */
  readonly role?: EmbeddingRole;
  /** the one face that may be embedded; without it the nearest */
  readonly agreed?: FaceArea | undefined;
  /** milliseconds from this frame's start to the next one's */
  readonly interval: number;
}

/** A receiver of frames. The last one that asked is served; when it ends, the previous one continues. */
export interface FrameConsumer {
  /** What to do with the next frame, or null to let the camera's picture pass unseen. */
  plan(): FramePlan | null;
  /** `at`: milliseconds of the clock at which the frame was taken. */
  onReport(report: FrameReport, at: number): void;
}

export interface FramePumpDeps {
  readonly source: FrameSource;
  /** the running engine, or null while there is none */
  readonly engine: () => VisionEngine | null;
  readonly clock: Clock;
  readonly config: PumpConfig;
  /** An analysis failed. The pump continues; the engine's owner decides what to do. */
  readonly onError: (error: unknown) => void;
  readonly onSuccess?: (report: FrameReport) => void;
}

export interface FramePump {
  /** Serves `consumer` until the returned function is called. */
  use(consumer: FrameConsumer): () => void;
  start(): void;
  /** Resolves when the frames in work, if any, are through. */
  stop(): Promise<void>;
}

/**
 * Takes a frame, has it analysed, hands on the report, and again: the newest frame first, nothing queued. While one frame is
 * embedded the next may be in the engine already; reports come in the order of the frames. A frame belongs to the engine once
 * `analyse` was called, which closes it on every path.
 */
export function createFramePump(deps: FramePumpDeps): FramePump {
  const { source, clock, config } = deps;
  const consumers: FrameConsumer[] = [];
  let running: { abort: AbortController; done: Promise<void> } | null = null;
  /** resolves when the frame before has been reported; never rejects */
  let reported: Promise<void> = Promise.resolve();

  async function turn(signal: AbortSignal): Promise<number> {
    const consumer = consumers.at(-1);
    const plan = consumer?.plan() ?? null;
    const engine = deps.engine();
    if (!consumer || !plan || !engine) return config.restingInterval;
    const at = clock.now();
    const frame = await source.grab();
    if (!frame) return config.emptyRetry;
    if (signal.aborted) {
      frame.close();
      return 0;
    }
    const deliver = (report: FrameReport): void => {
      deps.onSuccess?.(report);
      if (!signal.aborted && consumers.at(-1) === consumer) consumer.onReport(report, at);
    };
    await free(engine, frame, plan, deliver, signal);
    return Math.max(0, plan.interval - (clock.now() - at));
  }

  /** Has a frame analysed; resolves when the engine takes the next one. */
  function free(
    engine: VisionEngine,
    frame: ImageBitmap | VideoFrame,
    { embed, gate, agreed, role }: FramePlan,
    deliver: (report: FrameReport) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((onFree) => {
      const analysed = engine.analyse(frame, {
        embed,
        agreed,
        onFree,
        ...(gate ? { gate } : {}),
        ...(role ? { role } : {}),
      });
      // It may be done before its turn, and has failed then without anybody to hear of it yet.
      analysed.catch(() => {});
      reported = reported
        .then(() => analysed)
        .then(deliver)
        .catch((error: unknown) => {
          if (!signal.aborted) deps.onError(error);
        })
        .then(onFree);
    });
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pause = config.restingInterval;
      try {
        pause = await turn(signal);
      } catch (error) {
        if (!signal.aborted) deps.onError(error);
      }
      await sleep(clock, pause, signal);
    }
    await reported;
  }

  return {
    use(consumer) {
      consumers.push(consumer);
      return () => {
        const index = consumers.indexOf(consumer);
        if (index >= 0) consumers.splice(index, 1);
      };
    },
    start() {
      if (running) return;
      const abort = new AbortController();
      running = { abort, done: run(abort.signal) };
    },
    async stop() {
      const stopping = running;
      running = null;
      stopping?.abort.abort();
      await stopping?.done;
    },
  };
}
