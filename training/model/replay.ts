import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dot } from '@rounz/core/math/vector.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import { openEmbedder } from './model-folder.ts';

export interface Replay {
  /** largest difference of any value, and what it may be */
  readonly worst: number;
  readonly tolerance: number;
  readonly lowestCosine: number;
}

/** Embeds the golden inputs on the current backend and says how far off the farthest value is. */
export async function replayGolden(model: string): Promise<Replay> {
  const { manifest, embedder } = openEmbedder(model);
  const file = join(model, manifest.golden.path);
  const golden = goldenSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const crops = golden.cases.map(({ crop, size }) => ({
    data: new Uint8ClampedArray(Buffer.from(crop, 'base64')),
    size,
  }));
  const embeddings = await embedder.embed(crops);
  embedder.dispose();
  let worst = 0;
  let lowestCosine = 1;
  for (const [row, { embedding: wanted }] of golden.cases.entries()) {
    const found = embeddings[row]!;
    if (found.length !== wanted.length)
      return { worst: Number.NaN, lowestCosine: Number.NaN, tolerance: golden.tolerance };
    // Math.max hands NaN on, so that a backend which computes none is never taken for one that agrees.
    worst = Math.max(worst, ...wanted.map((value, i) => Math.abs(value - found[i]!)));
    const target = Float32Array.from(wanted);
    lowestCosine = Math.min(
      lowestCosine,
      dot(found, target) / Math.sqrt(dot(found, found) * dot(target, target)),
    );
  }
  return { worst, lowestCosine, tolerance: golden.tolerance };
}
