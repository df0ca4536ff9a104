import {
  type ConvUnit,
  convUnits,
  EMBEDDING_LAYER,
  kernelShape,
  type NetworkPlan,
  slopeOf,
} from '@rounz/core/model/architecture.ts';

/** What a network weighs and costs. */
export interface NetworkSize {
  /** weights, biases and slopes of the folded form */
  readonly weights: number;
  /** multiply-adds for one picture */
  readonly multiplyAdds: number;
  /** the same by layer, in their order; the last is the embedding layer */
  readonly byLayer: readonly { readonly layer: string; readonly multiplyAdds: number }[];
}

/** @param side of the picture, pixels */
export function networkSize(plan: NetworkPlan, side: number): NetworkSize {
  const byLayer: NetworkSize['byLayer'][number][] = [];
  const run = (unit: ConvUnit, from: number): number => {
    const to = Math.floor((from + 2 * unit.pad - unit.kernel) / unit.stride) + 1;
    byLayer.push({ layer: unit.conv, multiplyAdds: to * to * product(kernelShape(unit)) });
    return to;
  };
  let map = plan.stem.reduce((from, unit) => run(unit, from), side);
  if (plan.pool) map = Math.ceil(map / 2);
  for (const { layers, shortcut } of plan.blocks) {
    if (typeof shortcut !== 'string') run(shortcut, map);
    map = layers.reduce((from, unit) => run(unit, from), map);
  }
  if (plan.head.kind === 'weighted') run(plan.head.pool, run(plan.head.neck, map));
  byLayer.push({ layer: EMBEDDING_LAYER, multiplyAdds: plan.features * plan.embeddingSize });
  const ofUnit = (unit: ConvUnit) => product(kernelShape(unit)) + unit.outputs * (slopeOf(unit) ? 2 : 1);
  const layers = convUnits(plan).reduce((sum, unit) => sum + ofUnit(unit), 0);
  return {
    weights: layers + (plan.features + 1) * plan.embeddingSize,
    multiplyAdds: byLayer.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
    byLayer,
  };
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);
