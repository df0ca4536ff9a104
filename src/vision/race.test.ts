import { systemClock } from '@rounz/core/time/clock.ts';
import { describe, expect, it } from 'vitest';
import type { VisionBackend } from './protocol.ts';
import { raceBackends } from './race.ts';

/** Backends whose embeddings take so long, milliseconds; null: their embeddings are wrong. */
function setUp(speeds: Partial<Record<VisionBackend, number | null>>) {
  let now = 0;
  const disposed: VisionBackend[] = [];
  const enter = async (kind: VisionBackend) => {
    const speed = speeds[kind];
    if (speed === null || speed === undefined) throw new Error(`${kind} computes other embeddings`);
    return {
      kind,
      embed: async () => {
        now += speed;
      },
      dispose: () => disposed.push(kind),
    };
  };
  const race = (kinds: readonly VisionBackend[]) =>
    raceBackends(kinds, enter, 3, { ...systemClock, now: () => now });
  return { race, disposed };
}

describe('raceBackends', () => {
  it.each([
    ['wasm', { wasm: 20, webgpu: 50 }, 'webgpu'],
    ['webgpu', { wasm: 50, webgpu: 20 }, 'wasm'],
  ] as const)(
    'takes %s where it is faster, tells both times, and lets go of the other',
    async (fast, speeds, slow) => {
      const { race, disposed } = setUp(speeds);
      const { winner, backend, times } = await race(['wasm', 'webgpu']);
      expect([winner.kind, backend]).toEqual([fast, fast]);
      expect(times).toEqual([
        { backend: 'wasm', milliseconds: speeds.wasm },
        { backend: 'webgpu', milliseconds: speeds.webgpu },
      ]);
      expect(disposed).toEqual([slow]);
    },
  );

  it('never takes a backend whose embeddings are wrong, however fast', async () => {
    const { race } = setUp({ wasm: 500, webgpu: null });
    const { backend, times } = await race(['wasm', 'webgpu']);
    expect(backend).toBe('wasm');
    expect(times[1]).toEqual({
      backend: 'webgpu',
      milliseconds: null,
      why: 'webgpu computes other embeddings',
    });
    const other = setUp({ wasm: null, webgpu: 500 });
    expect((await other.race(['wasm', 'webgpu'])).backend).toBe('webgpu');
  });

  it('fails where no backend computes what the trainer computed', async () => {
    await expect(setUp({ wasm: null, webgpu: null }).race(['wasm', 'webgpu'])).rejects.toThrow(
      'webgpu computes other embeddings',
    );
  });
});
