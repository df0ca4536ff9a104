import * as tf from '@tensorflow/tfjs-core';
import { unpackWeights } from '../../model/weight-file.ts';
import { PASSIVE_VIEWS, type PassiveViewName } from './config.ts';
import type { PassiveGolden, PassiveManifest } from './manifest.ts';
import { passiveScores, passiveShapes } from './network.ts';
import type { PassiveViews } from './views.ts';

/** The network of the passive check; its tensors live on the current backend until `dispose`. */
export interface PassiveModel {
  /** mean score from which on a visit counts as a picture */
  readonly threshold: number;
  /** Log odds that a face is a picture of one. Leaves no tensor behind. */
  score(views: PassiveViews): Promise<number>;
  dispose(): void;
}

/**
 * @param bytes of the weights, already checked against the manifest's hash
 * @throws Error where they do not fit the network
 */
export function loadPassiveModel({ tensors, threshold }: PassiveManifest, bytes: ArrayBuffer): PassiveModel {
  const host = unpackWeights(tensors, bytes);
  for (const [name, shape] of passiveShapes())
    if (host.get(name)?.shape.join() !== shape.join())
      throw new Error(`The passive check's weights lack ${name} of [${shape}]; copy its folder again.`);
  const weights = Object.fromEntries(
    [...host].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
  return {
    threshold,
    async score(views) {
      const result = tf.tidy(() =>
        passiveScores(weights, { context: pixels(views, 'context'), detail: pixels(views, 'detail') }),
      );
      try {
        return (await result.data())[0]!;
      } finally {
        result.dispose();
      }
    },
    dispose: () => tf.dispose(weights),
  };
}

function pixels(views: PassiveViews, name: PassiveViewName): tf.Tensor4D {
  const { size } = PASSIVE_VIEWS[name];
  return tf.tensor4d(new Float32Array(views[name]), [1, size, size, 3]);
}

const bytesOf = (base64: string): Uint8ClampedArray =>
  Uint8ClampedArray.from(atob(base64), (character) => character.charCodeAt(0));

/** Computes golden scores anew. @returns the largest difference; NaN where the backend computed no numbers */
export async function replayPassive(model: PassiveModel, { cases }: PassiveGolden): Promise<number> {
  let worst = 0;
  for (const { context, detail, score } of cases) {
    const found = await model.score({ context: bytesOf(context), detail: bytesOf(detail) });
    worst = Math.max(worst, Math.abs(found - score));
  }
  return worst;
}
