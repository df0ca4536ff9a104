import { ACCESSORIES, type Accessory, type AccessoryProbabilities } from '@rounz/core/model/accessories.ts';
import { type HeadWeights, probabilities } from './fit.ts';
import { type NamedView, VIEW_SOURCES, type ViewSource } from './views.ts';

/** How well the head reports an accessory on pictures that it was not fitted on. */
export interface AccessoryFigures {
  readonly accessory: Accessory;
  /** photographs as they are, with accessories drawn on them, or rendered people */
  readonly source: ViewSource;
  readonly worn: number;
  /** share of the worn that are seen */
  readonly recall: number;
  readonly bare: number;
  /** share of those who don't wear it that are taken to */
  readonly falseAlarms: number;
}

/**
 * The least probability that a share `falseAlarms` at most of the faces that wear nothing passes, at least 0.5, for each
 * accessory; of photographed and of rendered faces each, for the few of one kind would drown among the other.
 */
export function thresholdsFor(
  head: HeadWeights,
  views: readonly NamedView[],
  falseAlarms: number,
): AccessoryProbabilities {
  const bare = views
    .filter(({ labels }) => labels.every((label) => label === 0))
    .map(({ features, source }) => ({ source, values: probabilities(head, features) }));
  const entries = ACCESSORIES.map((accessory, column): [Accessory, number] => {
    const limits = VIEW_SOURCES.map((of) => {
      const scores = bare.filter(({ source }) => source === of).map(({ values }) => values[column]!);
      return scores.sort((a, b) => b - a)[Math.floor(scores.length * falseAlarms)] ?? 0.5;
    });
    return [accessory, Number(Math.min(0.99, Math.max(0.5, ...limits)).toFixed(3))];
  });
  return Object.fromEntries(entries) as Record<Accessory, number>;
}

/** Figures of each accessory, each source apart. */
export function judge(
  head: HeadWeights,
  views: readonly NamedView[],
  thresholds: AccessoryProbabilities,
): AccessoryFigures[] {
  const scored = views.map((view) => ({ ...view, values: probabilities(head, view.features) }));
  return VIEW_SOURCES.flatMap((source) =>
    ACCESSORIES.flatMap((accessory, column): AccessoryFigures[] => {
      const known = scored.filter((view) => view.labels[column] !== null && view.source === source);
      const seen = ({ values }: { values: Float32Array }) => values[column]! >= thresholds[accessory];
      const worn = known.filter(({ labels }) => labels[column] === 1);
      const bare = known.filter(({ labels }) => labels[column] === 0);
      if (worn.length === 0) return [];
      return [
        {
          accessory,
          source,
          worn: worn.length,
          recall: worn.filter(seen).length / worn.length,
          bare: bare.length,
          falseAlarms: bare.filter(seen).length / Math.max(1, bare.length),
        },
      ];
    }),
  );
}
