import type { AlignedCrop } from '@rounz/core/image.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import type { GoldenReplay } from './protocol.ts';

export type SelfTest =
  | { readonly kind: 'passed'; readonly worst: number }
  | { readonly kind: 'failed'; readonly worst: number; readonly tolerance: number };

function bytesOf(base64: string): Uint8ClampedArray {
  return Uint8ClampedArray.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The first golden input, to time a backend with. @throws ZodError as `selfTest` */
export function goldenCrop(golden: unknown): AlignedCrop {
  const { crop, size } = goldenSchema.parse(golden).cases[0]!;
  return { data: bytesOf(crop), size };
}

/** Embeds golden inputs, `limit` of them at most, and says how far they are off. @throws ZodError as `selfTest` */
export async function replayGolden(
  embedder: Embedder,
  golden: unknown,
  limit = Number.POSITIVE_INFINITY,
): Promise<GoldenReplay> {
  const { tolerance, cases } = goldenSchema.parse(golden);
  const tried = cases.slice(0, limit);
  let worst = 0;
  for (const { crop, size, embedding } of tried) {
    const [found] = await embedder.embed([{ data: bytesOf(crop), size }]);
    const differences = embedding.map((value, i) => Math.abs(value - (found?.[i] ?? Number.NaN)));
    // NaN propagates from here and fails the comparison with the tolerance.
    worst = Math.max(worst, ...differences);
    if (found?.length !== embedding.length) worst = Number.NaN;
  }
  return { worst, tolerance, cases: tried.length };
}

/**
 * Compares: a driver that computes wrongly is caught before the first shopper. Serves as the warm-up too, for the first runs
 * compile the kernels.
 *
 * @param golden the parsed `golden.json`
 * @param limit cases tried at most, 1..
 * @throws ZodError where `golden` has another form
 */
export async function selfTest(embedder: Embedder, golden: unknown, limit: number): Promise<SelfTest> {
  const { worst, tolerance } = await replayGolden(embedder, golden, limit);
  return worst <= tolerance ? { kind: 'passed', worst } : { kind: 'failed', worst, tolerance };
}
