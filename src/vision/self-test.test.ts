import { describe, expect, it } from 'vitest';
import { selfTest } from './self-test.ts';

const crop = Buffer.from(Uint8Array.from({ length: 12 }, (_, i) => i)).toString('base64');
const golden = (embedding: readonly number[]) => ({
  format: 1,
  tolerance: 0.002,
  cases: [{ crop, size: 2, embedding }],
});

/** Embeds a crop as its first two bytes over 10. */
const embedder = {
  embed: async (crops: readonly { data: Uint8ClampedArray }[]) =>
    crops.map(({ data }) => Float32Array.of(data[0]! / 10, data[1]! / 10)),
  dispose() {},
};

describe('selfTest', () => {
  it('passes within the tolerance and fails beyond it', async () => {
    expect(await selfTest(embedder, golden([0, 0.101]), 1)).toMatchObject({ kind: 'passed' });
    expect(await selfTest(embedder, golden([0, 0.103]), 1)).toMatchObject({ kind: 'failed' });
  });

  it('fails on NaN and on another length', async () => {
    const broken = { ...embedder, embed: async () => [Float32Array.of(Number.NaN, 0.1)] };
    expect((await selfTest(broken, golden([0, 0.1]), 1)).kind).toBe('failed');
    expect((await selfTest(embedder, golden([0, 0.1, 0]), 1)).kind).toBe('failed');
    expect((await selfTest(embedder, golden([0]), 1)).kind).toBe('failed');
  });

  it('refuses a file of another form', async () => {
    await expect(selfTest(embedder, { format: 1, cases: [] }, 1)).rejects.toThrow();
  });
});
