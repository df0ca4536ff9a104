import { errorMessage } from '@rounz/core/error-message.ts';
import type { Lane, RacedBackend } from '@rounz/core/model/backend-race.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { VisionConfig } from './config.ts';
import { VisionError } from './errors.ts';

/** A backend with the real network on it, its golden embeddings replayed. */
export interface Contestant {
  /** One face embedded, readback included. */
  readonly embed: () => Promise<unknown>;
  readonly dispose: () => void;
}

/** The winner stays loaded. */
export interface RaceResult<T> {
  readonly winner: T;
  readonly lane: Lane;
  readonly times: readonly RacedBackend[];
}

/** Counts what compute passes are asked to dispatch meanwhile; undefined where the browser has no WebGPU. */
export async function countDispatches(work: () => Promise<unknown>): Promise<number | undefined> {
  const prototype = globalThis.GPUComputePassEncoder?.prototype;
  if (!prototype) {
    await work();
    return undefined;
  }
  const original = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function counted(this: GPUComputePassEncoder, ...sides) {
    count += 1;
    return original.apply(this, sides);
  };
  try {
    await work();
  } finally {
    prototype.dispatchWorkgroups = original;
  }
  return count;
}

/** What other work on the processor adds is not the contestant's: the fastest counts. */
async function timeOf(contestant: Contestant, repeats: number, clock: Clock): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < repeats; run++) {
    const from = clock.now();
    await contestant.embed();
    fastest = Math.min(fastest, clock.now() - from);
  }
  return fastest;
}

/**
 * Races lanes on the real network, one after the other: each has left before the next enters, and the winner comes back, or
 * stays where it is the last. One that cannot be brought up, or whose embeddings are not the golden ones, is out.
 *
 * @param lanes one or more, in any order
 * @param enter brings a lane up; rejects where it computes other embeddings than the trainer did
 * @throws the last lane's error where all are out, or the winner's where it does not come up again
 */
export async function raceLanes<T extends Contestant>(
  lanes: readonly Lane[],
  enter: (lane: Lane) => Promise<T>,
  { raceRepeats, raceHandicap }: Pick<VisionConfig, 'raceRepeats' | 'raceHandicap'>,
  clock: Clock,
): Promise<RaceResult<T>> {
  const times: RacedBackend[] = [];
  let best: { readonly lane: Lane; readonly counts: number } | null = null;
  let failure: unknown = new VisionError('internal', 'There is nothing to race.');
  for (const [place, lane] of lanes.entries()) {
    let contestant: T | null = null;
    try {
      contestant = await enter(lane);
      const dispatches = lane.backend === 'webgpu' ? await countDispatches(contestant.embed) : undefined;
      const ms = await timeOf(contestant, raceRepeats, clock);
      times.push({ ...lane, milliseconds: ms, ...(dispatches === undefined ? {} : { dispatches }) });
      const counts = ms + (lane.threads > 1 ? raceHandicap : 0);
      if (!best || counts < best.counts) best = { lane, counts };
    } catch (error) {
      failure = error;
      times.push({ ...lane, milliseconds: null, why: errorMessage(error) });
    }
    if (contestant && best?.lane === lane && place === lanes.length - 1)
      return { winner: contestant, lane, times };
    contestant?.dispose();
  }
  if (!best) throw failure;
  return { winner: await enter(best.lane), lane: best.lane, times };
}
