import { type Clock, sleep } from '@rounz/core/time/clock.ts';
import type { FrameSource } from '../../camera/types.ts';
import type { FaceArea, FrameReport, VisionEngine } from '../../vision/protocol.ts';
import type { PumpConfig } from './config.ts';

export interface FramePlan {
  readonly embed: boolean;
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
  /** Resolves when the frame in work, if any, is through. */
  stop(): Promise<void>;
}

/**
 * Takes a frame, has it analysed, hands on the report, and again: one frame in the engine at a time, the newest first,
 * nothing queued. The frame belongs to the engine once `analyse` was called, which closes it on every path.
 */
export function createFramePump(deps: FramePumpDeps): FramePump {
  const { source, clock, config } = deps;
  const consumers: FrameConsumer[] = [];
  let running: { abort: AbortController; done: Promise<void> } | null = null;

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
    const report = await engine.analyse(frame, { embed: plan.embed, agreed: plan.agreed });
    deps.onSuccess?.(report);
    if (!signal.aborted && consumers.at(-1) === consumer) consumer.onReport(report, at);
    return Math.max(0, plan.interval - (clock.now() - at));
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
