import type * as tf from '@tensorflow/tfjs';
import { conditionPairLoss } from '../../loss/condition-pair.ts';
import { contrastiveLoss } from '../../loss/contrastive.ts';
import { tripletLoss } from '../../loss/triplet.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import { type LossTerm, NO_VARIABLES, type TermContext } from './term.ts';

type People = readonly (string | null)[];

const term = (
  name: string,
  weight: number,
  loss: (embeddings: tf.Tensor2D, people: People) => tf.Scalar,
): LossTerm => ({
  variables: () => NO_VARIABLES,
  losses: ({ embeddings, samples }: TermContext) => [
    {
      name,
      value: loss(
        embeddings,
        samples.map(({ person }) => person),
      ),
      weight,
    },
  ],
});

/** The losses between pictures of a batch; they want batches with several pictures of each person (`picturesPerPerson`). */
export function pairTerms({ contrastive, triplet, pair }: LossConfig): LossTerm[] {
  return [
    ...(contrastive
      ? [term('contrastive', contrastive.weight, (e, p) => contrastiveLoss(e, p, contrastive.margin))]
      : []),
    ...(triplet ? [term('triplet', triplet.weight, (e, p) => tripletLoss(e, p, triplet.margin))] : []),
    ...(pair ? [term('pair', pair.weight, (e, p) => conditionPairLoss(e, p, pair.scale))] : []),
  ];
}
