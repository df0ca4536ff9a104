import { errorMessage } from '@rounz/core/error-message.ts';
import { median } from '@rounz/core/math/median.ts';
import type { RacedBackend } from '@rounz/core/model/backend-race.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { VisionError } from './errors.ts';
import type { VisionBackend } from './protocol.ts';

/** A backend with the real network on it, its golden embeddings replayed. */
export interface Contestant {
  /** One face embedded, readback included. */
  readonly embed: () => Promise<unknown>;
  readonly dispose: () => void;
}

/** The winner stays loaded. */
export interface RaceResult<T> {
  readonly winner: T;
  readonly backend: VisionBackend;
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

async function timesOf(contestant: Contestant, repeats: number, clock: Clock): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < repeats; run++) {
    const from = clock.now();
    await contestant.embed();
    times.push(clock.now() - from);
  }
  return times;
}

/**
 * Races backends on the real network. One that cannot be brought up, or whose embeddings are not the golden ones, is out.
 *
 * @param kinds one or more, in any order
 * @param enter brings a backend up; rejects where it computes other embeddings than the trainer did
 * @param repeats embeddings of which the median counts
 * @throws the last backend's error where all are out
 */
export async function raceBackends<T extends Contestant>(
  kinds: readonly VisionBackend[],
  enter: (kind: VisionBackend) => Promise<T>,
  repeats: number,
  clock: Clock,
): Promise<RaceResult<T>> {
  const times: RacedBackend[] = [];
  let best: { readonly contestant: T; readonly backend: VisionBackend; readonly ms: number } | null = null;
  let failure: unknown = new VisionError('internal', 'There is no backend to race.');
  for (const backend of kinds) {
    try {
      const contestant = await enter(backend);
      const dispatches = backend === 'webgpu' ? await countDispatches(contestant.embed) : undefined;
      const ms = median(await timesOf(contestant, repeats, clock));
      times.push({ backend, milliseconds: ms, ...(dispatches === undefined ? {} : { dispatches }) });
      if (best && best.ms <= ms) contestant.dispose();
      else {
        best?.contestant.dispose();
        best = { contestant, backend, ms };
      }
    } catch (error) {
      failure = error;
      times.push({ backend, milliseconds: null, why: errorMessage(error) });
    }
  }
  if (!best) throw failure;
  return { winner: best.contestant, backend: best.backend, times };
}
