import type { Embedder } from '@rounz/core/model/embedder.ts';
import { describe, expect, it } from 'vitest';
import type { Prefetcher, SampleRequest } from '../augment/pipeline/prefetch.ts';
import { byEmbedder, embedSamples, galleryAndProbes } from './embed-samples.ts';
import type { Sample } from './samples.ts';

const sample = (person: string, index: number): Sample => ({
  set: 's',
  index,
  person,
  label: -1,
  path: '',
  target: undefined,
});

describe('embedSamples', () => {
  it('keeps the order over several batches and gives each sample a seed of its own', async () => {
    const asked: SampleRequest[] = [];
    const prefetcher: Prefetcher = {
      request: async (requests) => {
        asked.push(...requests);
        const pixels = new Uint8ClampedArray(requests.length * 12);
        for (const [i, { index }] of requests.entries()) pixels.fill(index, i * 12, (i + 1) * 12);
        return { pixels } as Awaited<ReturnType<Prefetcher['request']>>;
      },
      setSize: () => {},
      close: async () => {},
    };
    const embedder: Embedder = {
      embed: async (crops) =>
        crops.map(({ data, size }) => {
          expect(size).toBe(2);
          return Float32Array.of(data[0]!, data.at(-1)!);
        }),
      dispose: () => {},
    };
    const samples = Array.from({ length: 150 }, (_, i) => sample('p', i));
    const embeddings = await embedSamples(byEmbedder(embedder), prefetcher, samples, 'occluded');
    expect(embeddings.map(([value]) => value)).toEqual(samples.map(({ index }) => index));
    expect(embeddings.every(([first, last]) => first === last)).toBe(true);
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(150);
    expect(asked.every(({ preset }) => preset === 'occluded')).toBe(true);
  });
});

describe('galleryAndProbes', () => {
  it('takes each person’s first sample', () => {
    const samples = [sample('a', 0), sample('a', 1), sample('b', 2), sample('c', 3), sample('c', 4)];
    const { gallery, probes } = galleryAndProbes(samples);
    expect(gallery.map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(probes.map(({ index }) => index)).toEqual([1, 4]);
  });
});
