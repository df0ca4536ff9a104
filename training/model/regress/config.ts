import type { AugmentPreset } from '../../augment/config.ts';

/** How `regress` computes a last layer. */
export const REGRESS = {
  /** training pictures, drawn over all sets */
  pictures: 3000,
  /** views of each: as it is, moved and mirrored, with an outfit, and with everything that the kiosk's camera may do to it */
  views: ['none', 'light', 'occluded', 'full'] satisfies readonly AugmentPreset[],
  /** penalty on the squared weights, as a share of the features' mean square */
  ridge: 1e-4,
  /** pictures whose features are computed together */
  block: 64,
} as const;
