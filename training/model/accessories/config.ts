/** How the accessory head is fitted on a model's features. */
export const HEAD_FIT = {
  /** outfits drawn on each bare picture, beside the picture as it is */
  outfits: 2,
  /** steps of gradient descent (Adam) on all views at once */
  steps: 400,
  rate: 0.02,
  /** penalty on the squared weights of standardised features */
  decay: 1e-3,
  /**
   * of bare validation faces this share may be taken for wearing each accessory, so up to four times that for wearing any; it
   * sets the thresholds
   */
  falseAlarms: 0.01,
} as const;
