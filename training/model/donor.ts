import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { readModelFolder } from './model-folder.ts';

/**
 * Folded weights of a light model.
 *
 * @throws Error where the folder holds another kind of network
 */
export function foldedDonor(folder: string): HostWeights {
  const { manifest, weights } = readModelFolder(folder);
  const { kind } = manifest.architecture;
  if (kind !== 'mobilefacenet')
    throw new Error(
      `--donor: ${folder} holds a ${kind}; a donor is a MobileFaceNet (train --recipe fine-tune-light).`,
    );
  return unpackWeights(manifest.tensors, weights);
}
