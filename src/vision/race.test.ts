import type { Lane } from '@rounz/core/model/backend-race.ts';
import { systemClock } from '@rounz/core/time/clock.ts';
import { describe, expect, it } from 'vitest';
import { raceLanes } from './race.ts';

const GPU: Lane = { backend: 'webgpu', threads: 1 };
const ONE: Lane = { backend: 'wasm', threads: 1 };
const TWO: Lane = { backend: 'wasm', threads: 2 };

/** Lanes whose embeddings take so long one after the other, milliseconds; null: their embeddings are wrong. */
function setUp(...speeds: readonly (readonly [Lane, readonly number[] | null])[]) {
  let now = 0;
  const seen: string[] = [];
  const enter = async (lane: Lane) => {
    const [, speed] = speeds.find(([one]) => one === lane)!;
    if (!speed) throw new Error(`${lane.backend} computes other embeddings`);
    const name = `${lane.backend} ${lane.threads}`;
    seen.push(`${name} enters`);
    let run = 0;
    return {
      name,
      embed: async () => {
        now += speed[run++ % speed.length]!;
      },
      dispose: () => seen.push(`${name} leaves`),
    };
  };
  const race = () =>
    raceLanes(
      speeds.map(([lane]) => lane),
      enter,
      { raceRepeats: 3, raceHandicap: 5 },
      { ...systemClock, now: () => now },
    );
  return { race, seen };
}

describe('raceLanes', () => {
  it.each([
    ['WASM', TWO, [20], [12], [50]],
    ['WebGPU', GPU, [50], [40], [20]],
    ['one thread', ONE, [10], [12], [50]],
  ] as const)('takes %s where it is the fastest, and tells all times', async (_, best, one, two, gpu) => {
    const { winner, lane, times } = await setUp([ONE, one], [TWO, two], [GPU, gpu]).race();
    expect(lane).toEqual(best);
    expect(winner.name).toBe(`${best.backend} ${best.threads}`);
    expect(times).toEqual([
      { ...ONE, milliseconds: one[0] },
      { ...TWO, milliseconds: two[0] },
      { ...GPU, milliseconds: gpu[0] },
    ]);
  });

  it('has one contestant up at a time, and brings the winner back or lets it stay', async () => {
    const last = setUp([ONE, [30]], [TWO, [20]]);
    await last.race();
    expect(last.seen).toEqual(['wasm 1 enters', 'wasm 1 leaves', 'wasm 2 enters']);
    const { race, seen } = setUp([ONE, [10]], [TWO, [20]]);
    await race();
    expect(seen).toEqual([
      'wasm 1 enters',
      'wasm 1 leaves',
      'wasm 2 enters',
      'wasm 2 leaves',
      'wasm 1 enters',
    ]);
  });

  it('counts the fastest of some embeddings, for other work only adds', async () => {
    const { race } = setUp([ONE, [20, 21, 22]], [TWO, [90, 80, 12]]);
    expect((await race()).lane).toEqual(TWO);
  });

  it('takes several threads only where they save more than the handicap', async () => {
    expect((await setUp([ONE, [20]], [TWO, [14]]).race()).lane).toEqual(TWO);
    expect((await setUp([ONE, [20]], [TWO, [16]]).race()).lane).toEqual(ONE);
    expect((await setUp([ONE, [20]], [GPU, [19]]).race()).lane).toEqual(GPU);
  });

  it('never takes a lane whose embeddings are wrong, however fast', async () => {
    const { lane, times } = await setUp([ONE, [500]], [GPU, null]).race();
    expect(lane).toEqual(ONE);
    expect(times[1]).toEqual({ ...GPU, milliseconds: null, why: 'webgpu computes other embeddings' });
    expect((await setUp([ONE, null], [GPU, [500]]).race()).lane).toEqual(GPU);
  });

  it('fails where no lane computes what the trainer computed', async () => {
    await expect(setUp([ONE, null], [GPU, null]).race()).rejects.toThrow('webgpu computes other embeddings');
  });
});
