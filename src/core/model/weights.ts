import * as tf from '@tensorflow/tfjs-core';
import {
  convUnits,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  kernelShape,
  type NetworkPlan,
  slopeOf,
} from './architecture.ts';

/** Values of one tensor on the CPU, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name: `<conv>.kernel` [kh, kw, in, out], `<conv>.slope` [out], `<norm>.gamma|beta|mean|variance` [out], ... */
export type HostWeights = ReadonlyMap<string, HostTensor>;

export type TrainingVariables = ReadonlyMap<string, tf.Variable>;

/** Statistics of batch norm are averaged, not learned. */
export const isStatistic = (name: string): boolean => name.endsWith('.mean') || name.endsWith('.variance');

interface WeightSpec {
  readonly name: string;
  readonly shape: number[];
  /** standard deviation of a normal start, or a constant */
  readonly start: { readonly normal: number } | { readonly constant: number };
}

function normSpecs(name: string, size: number, gamma: number): WeightSpec[] {
  return [
    { name: `${name}.gamma`, shape: [size], start: { constant: gamma } },
    { name: `${name}.beta`, shape: [size], start: { constant: 0 } },
    { name: `${name}.mean`, shape: [size], start: { constant: 0 } },
    { name: `${name}.variance`, shape: [size], start: { constant: 1 } },
  ];
}

/** Where PReLU's slopes start (He et al. 2015, arXiv 1502.01852, section 2.1). */
const SLOPE_START = 0.25;

/** Embeddings start short: an untrained network errs least near the mean. */
const EMBEDDING_START = 0.3;

/**
 * Every weight of the training form with its start: He et al. 2015 (fan-out) for convolutions; the last batch norm of each
 * block starts at zero, so that a block starts as its shortcut (Goyal et al. 2017, section 5.1).
 */
export function weightSpecs(plan: NetworkPlan): WeightSpec[] {
  const lastNorms = new Set(
    plan.blocks.flatMap(({ layers, shortcut }) => (shortcut === 'none' ? [] : [layers.at(-1)!.norm])),
  );
  const specs = convUnits(plan).flatMap((unit): WeightSpec[] => {
    const shape = kernelShape(unit);
    const fanOut = unit.kernel * unit.kernel * (unit.depthwise ? 1 : unit.outputs);
    const deviation = Math.sqrt(2 / fanOut);
    const slope = slopeOf(unit);
    return [
      { name: `${unit.conv}.kernel`, shape, start: { normal: deviation } },
      ...normSpecs(unit.norm, unit.outputs, lastNorms.has(unit.norm) ? 0 : 1),
      ...(slope ? [{ name: slope, shape: [unit.outputs], start: { constant: SLOPE_START } }] : []),
    ];
  });
  const { features, embeddingSize } = plan;
  specs.push({
    name: `${EMBEDDING_LAYER}.kernel`,
    shape: [features, embeddingSize],
    start: { normal: Math.sqrt(1 / features) },
  });
  specs.push(...normSpecs(EMBEDDING_NORM, embeddingSize, EMBEDDING_START));
  return specs;
}

/** Two independent values of N(0, 1) from `random` (uniform on [0, 1)), by Box and Muller 1958. */
function normalPair(random: () => number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Random start of the training form; the same `random` gives the same weights. */
export function initialWeights(plan: NetworkPlan, random: () => number): HostWeights {
  const weights = new Map<string, HostTensor>();
  for (const { name, shape, start } of weightSpecs(plan)) {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
    if ('constant' in start) data.fill(start.constant);
    else {
      for (let i = 0; i < data.length; i += 2) {
        const [first, second] = normalPair(random);
        data[i] = first * start.normal;
        if (i + 1 < data.length) data[i + 1] = second * start.normal;
      }
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/** Shape of every weight of the folded form, by name: `<layer>.kernel`, `<layer>.bias`, and `<layer>.slope` where there is one. */
export function foldedShapes(plan: NetworkPlan): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const unit of convUnits(plan)) {
    shapes.set(`${unit.conv}.kernel`, kernelShape(unit));
    shapes.set(`${unit.conv}.bias`, [unit.outputs]);
    const slope = slopeOf(unit);
    if (slope) shapes.set(slope, [unit.outputs]);
  }
  shapes.set(`${EMBEDDING_LAYER}.kernel`, [plan.features, plan.embeddingSize]);
  shapes.set(`${EMBEDDING_LAYER}.bias`, [plan.embeddingSize]);
  return shapes;
}

/**
 * Checks that `weights` has exactly the tensors of the plan's training form.
 *
 * @throws Error that names every missing, foreign or misshapen tensor
 */
export function checkTrainingWeights(plan: NetworkPlan, weights: HostWeights): void {
  checkShapes(new Map(weightSpecs(plan).map((spec) => [spec.name, spec.shape])), weights);
}

/**
 * Checks that `weights` has exactly the tensors of the plan's folded form.
 *
 * @throws Error that names every missing, foreign or misshapen tensor
 */
export function checkFoldedWeights(plan: NetworkPlan, weights: HostWeights): void {
  checkShapes(foldedShapes(plan), weights);
}

function checkShapes(wanted: ReadonlyMap<string, readonly number[]>, weights: HostWeights): void {
  const problems: string[] = [];
  for (const [name, shape] of wanted) {
    const found = weights.get(name);
    if (!found) problems.push(`${name} is missing`);
    else if (found.shape.join() !== shape.join())
      problems.push(`${name} is [${found.shape}], not [${shape}]`);
  }
  for (const name of weights.keys()) if (!wanted.has(name)) problems.push(`${name} does not belong`);
  if (problems.length > 0) {
    throw new Error(`These weights are not of this network: ${problems.join('; ')}.`);
  }
}

/** Puts the weights on the current backend as variables; the caller disposes them. */
export function toVariables(weights: HostWeights): Map<string, tf.Variable> {
  const variables = new Map<string, tf.Variable>();
  for (const [name, { shape, data }] of weights) {
    const value = tf.tensor(data.slice(), [...shape], 'float32');
    variables.set(name, tf.variable(value, !isStatistic(name)));
    value.dispose();
  }
  return variables;
}

/** Reads variables back; the result shares nothing with them. */
export async function toHost(variables: TrainingVariables): Promise<Map<string, HostTensor>> {
  const weights = new Map<string, HostTensor>();
  for (const [name, variable] of variables) {
    const data = (await variable.data<'float32'>()).slice();
    weights.set(name, { shape: variable.shape.slice(), data });
  }
  return weights;
}
