import { type ConvUnit, convUnits, kernelShape, type NetworkPlan } from '@rounz/core/model/architecture.ts';

/** What a network weighs and costs. */
export interface NetworkSize {
  /** weights and biases of the folded form */
  readonly weights: number;
  /** multiply-adds for one picture */
  readonly multiplyAdds: number;
}

/** @param side of the picture, pixels */
export function networkSize(plan: NetworkPlan, side: number): NetworkSize {
  let multiplyAdds = plan.features * plan.embeddingSize;
  const run = (unit: ConvUnit, from: number): number => {
    const to = Math.floor((from + 2 * unit.pad - unit.kernel) / unit.stride) + 1;
    multiplyAdds += to * to * product(kernelShape(unit));
    return to;
  };
  let map = plan.stem.reduce((from, unit) => run(unit, from), side);
  if (plan.pool) map = Math.ceil(map / 2);
  for (const { layers, shortcut } of plan.blocks) {
    if (typeof shortcut !== 'string') run(shortcut, map);
    map = layers.reduce((from, unit) => run(unit, from), map);
  }
  if (plan.head.kind === 'weighted') run(plan.head.pool, run(plan.head.neck, map));
  const layers = convUnits(plan).reduce((sum, unit) => sum + product(kernelShape(unit)) + unit.outputs, 0);
  return { weights: layers + (plan.features + 1) * plan.embeddingSize, multiplyAdds };
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);
