/** How the last layer is computed anew; chosen on validation people (docs/decisions/005). */
export const REFIT = {
  /** added to the diagonal of the within-person scatter, as a share of its mean (Friedman 1989) */
  ridge: 0.3,
  /** direction k is scaled by lambda_k^-tempering: 0 whitens within people, 0.5 whitens between them */
  tempering: 0.25,
  /** principal directions of the trained layer that stay; the rest of the embedding is the discriminant's */
  trainedDirections: 128,
  /** their share of the cosine */
  trainedShare: 0.5,
  /** views of each picture that wear a drawn outfit, beside the picture as it is */
  outfits: 2,
  /** pictures of one person that are used at most */
  picturesPerPerson: 20,
  /** feature vectors whose products are summed at once */
  block: 1024,
} as const;
