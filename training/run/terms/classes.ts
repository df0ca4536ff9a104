import { createRng } from '@rounz/core/math/random.ts';
import type { HostTensor } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { arcFaceLoss } from '../../loss/arcface.ts';
import { cosFaceLoss } from '../../loss/cosface.ts';
import { softmaxLoss } from '../../loss/softmax.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import type { LossTerm, TermContext, TermValue } from './term.ts';

export interface ClassSetup {
  /** a start for each class's centre; random where undefined */
  readonly starts: readonly (Float32Array | undefined)[];
  readonly width: number;
  readonly seed: number;
  readonly restored: ReadonlyMap<string, HostTensor> | undefined;
}

/** Largest value of a random centre; normalised anyway by all losses but softmax. */
const START = 0.05;

type Shape = [number, number] | [number];

function restore(setup: ClassSetup, name: string, shape: Shape): tf.Variable | undefined {
  const found = setup.restored?.get(name);
  if (!found || found.shape.join() !== shape.join()) return undefined;
  return tf.tidy(() => tf.variable(tf.tensor(found.data, shape)));
}

/** A class's centres are neighbours: row class * copies + copy. */
function centresOf(setup: ClassSetup, name: string, copies: number): tf.Variable {
  const { starts, width, seed } = setup;
  const shape: [number, number] = [starts.length * copies, width];
  const restored = restore(setup, name, shape);
  if (restored) return restored;
  const rng = createRng(seed + 17);
  const values = Float32Array.from({ length: shape[0] * width }, () => rng.between(-START, START));
  // The other centres of a class start anywhere, or they would stay one.
  starts.forEach((start, label) => {
    if (start) values.set(start, label * copies * width);
  });
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
}

/** Cross-entropy over the training people, with one of three margins. */
class ClassTerm implements LossTerm {
  private readonly name: string;
  private readonly weight: number;
  private readonly own: ReadonlyMap<string, tf.Variable>;
  private readonly loss: (
    context: TermContext,
    variables: ReadonlyMap<string, tf.Variable>,
    labels: number[],
  ) => tf.Scalar;

  constructor(name: string, weight: number, own: ReadonlyMap<string, tf.Variable>, loss: ClassTerm['loss']) {
    this.name = name;
    this.weight = weight;
    this.own = own;
    this.loss = loss;
  }

  variables() {
    return this.own;
  }

  losses(context: TermContext): TermValue[] {
    const labels = context.samples.map(({ label }) => label);
    return [{ name: this.name, value: this.loss(context, this.own, labels), weight: this.weight }];
  }

  dispose(): void {
    for (const variable of this.own.values()) variable.dispose();
  }
}

/** A margin that has grown for `seen` of `warmup` images: the full one from step 0 may not start at all. */
const grown = (margin: number, seen: number, warmup: number): number =>
  warmup > 0 ? margin * Math.min(1, seen / warmup) : margin;

const matrix = (variable: tf.Variable | undefined): tf.Tensor2D => variable as unknown as tf.Tensor2D;

/** The classification losses that have a weight. */
export function marginTerms(losses: LossConfig, setup: ClassSetup): LossTerm[] {
  const terms: LossTerm[] = [];
  const { arcface, cosface, softmax } = losses;
  if (arcface.weight > 0) {
    const name = 'arcface.centres';
    const own = new Map([[name, centresOf(setup, name, arcface.subCentres)]]);
    terms.push(
      new ClassTerm('arcface', arcface.weight, own, ({ embeddings, imagesSeen }, variables, labels) =>
        arcFaceLoss(embeddings, matrix(variables.get(name)), labels, {
          scale: arcface.scale,
          margin: grown(arcface.margin, imagesSeen, arcface.marginWarmupImages),
          subCentres: arcface.subCentres,
        }),
      ),
    );
  }
  if (cosface) {
    const name = 'cosface.centres';
    const own = new Map([[name, centresOf(setup, name, 1)]]);
    terms.push(
      new ClassTerm('cosface', cosface.weight, own, ({ embeddings, imagesSeen }, variables, labels) =>
        cosFaceLoss(embeddings, matrix(variables.get(name)), labels, {
          scale: cosface.scale,
          margin: grown(cosface.margin, imagesSeen, cosface.marginWarmupImages),
        }),
      ),
    );
  }
  if (softmax) terms.push(softmaxTerm(softmax.weight, setup));
  return terms;
}

function softmaxTerm(weight: number, setup: ClassSetup): LossTerm {
  const [kernel, bias] = ['softmax.kernel', 'softmax.bias'];
  const shape: [number] = [setup.starts.length];
  const own = new Map([
    [kernel, centresOf(setup, kernel, 1)],
    [bias, restore(setup, bias, shape) ?? tf.tidy(() => tf.variable(tf.zeros(shape)))],
  ]);
  return new ClassTerm('softmax', weight, own, ({ embeddings }, variables, labels) =>
    softmaxLoss(
      embeddings,
      matrix(variables.get(kernel)),
      variables.get(bias) as unknown as tf.Tensor1D,
      labels,
    ),
  );
}
