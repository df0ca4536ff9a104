import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import type { Architecture, Mirror } from '@rounz/core/model/manifest.ts';
import { type HostTensor, initialWeights } from '@rounz/core/model/weights.ts';
import { writeModel } from './export.ts';

/**
 * Writes a model folder of random weights whose norms have seen data.
 *
 * @returns the folder
 */
export async function writeRandomModel(
  out: string,
  architecture: Architecture,
  { mirror = false }: { readonly mirror?: Mirror } = {},
): Promise<string> {
  const rng = createRng(5);
  const plan = planNetwork(architecture);
  const weights = new Map<string, HostTensor>(initialWeights(plan, () => rng.next()));
  for (const [key, { shape, data }] of weights)
    if (shape.length === 1) weights.set(key, { shape, data: data.map((v) => v + rng.between(0.1, 0.5)) });
  const input = { size: 112, mean: 127.5, scale: 127.5, mirror };
  const training = { data: [], recipe: {}, imagesSeen: 1, backend: 'test', date: '2026-01-01' };
  const about = { name: 'kind', version: '1.0', architecture, input, training };
  await writeModel(out, foldWeights(plan, weights), about, 'float32');
  return out;
}
