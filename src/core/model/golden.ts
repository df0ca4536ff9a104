import { z } from 'zod';

/** `golden.json` of a model folder: inputs with the embeddings that every backend must reproduce. */
export const goldenSchema = z.object({
  format: z.literal(1),
  /** largest difference of any value, absolute */
  tolerance: z.number().positive(),
  cases: z
    .array(
      z.object({
        /** RGB bytes of the aligned crop */
        crop: z.base64(),
        /** side of the crop, pixels */
        size: z.int().positive(),
        embedding: z.array(z.number()),
      }),
    )
    .min(1),
});
export type Golden = z.infer<typeof goldenSchema>;
