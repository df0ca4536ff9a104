import type { NetworkPlan } from '@rounz/core/model/architecture.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import { type HostWeights, initialWeights } from '@rounz/core/model/weights.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { FoldedNetwork } from './folded-network.ts';
import { NetworkState, type TrainedNetwork } from './network-state.ts';

/** Random weights in the form that the recipe trains. */
export function randomStart({ form }: TrainConfig, plan: NetworkPlan, random: () => number): HostWeights {
  const weights = initialWeights(plan, random);
  return form === 'folded' ? foldWeights(plan, weights) : weights;
}

/** The form that the recipe trains. */
export function networkOf(
  { form, frozenStages, architecture }: TrainConfig,
  plan: NetworkPlan,
  weights: HostWeights,
  averaged: HostWeights,
): TrainedNetwork {
  if (form === 'norms') return new NetworkState(plan, weights, averaged, frozenStages);
  const blocks = architecture.kind === 'resnet' ? architecture.blocks : [];
  return new FoldedNetwork(plan, weights, averaged, frozenStages, blocks);
}
