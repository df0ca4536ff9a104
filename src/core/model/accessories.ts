import { z } from 'zod';
import { fileEntrySchema, tensorEntrySchema } from './file-entries.ts';

/** The head's classes. `eyewear` is any glasses; dark ones are `sunglasses` as well. */
export const ACCESSORIES = ['eyewear', 'sunglasses', 'hat', 'mask'] as const;
export type Accessory = (typeof ACCESSORIES)[number];

/** Of each accessory the probability that the face wears it, 0..1. */
export type AccessoryProbabilities = Readonly<Record<Accessory, number>>;

const share = z.number().min(0).max(1);

/** The head's part of a model's manifest. Its file is no part of the model's hash: templates don't depend on it. */
export const accessoryHeadSchema = z.object({
  file: fileEntrySchema,
  tensors: z.array(tensorEntrySchema),
  /** probability from which an accessory counts as seen */
  thresholds: z.object({ eyewear: share, sunglasses: share, hat: share, mask: share }),
});

export type AccessoryHeadEntry = z.infer<typeof accessoryHeadSchema>;
