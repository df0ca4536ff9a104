import { z } from 'zod';

/** A model is a name or a folder's name below `models/`, never a path. */
export const modelName = z.string().regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i);

const oneOfEach = <T>(values: readonly T[]): boolean => new Set(values).size === values.length;

/**
 * `models/models.json`: the recognisers that a kiosk may choose from, the preferred first. `name` is the model's own, as its
 * manifest says, and the same for all its versions; `folder` is that of the version in use. `wants`: a kiosk whose browser has no such
 * backend passes over it when it chooses.
 */
export const modelListSchema = z.object({
  models: z
    .array(z.object({ name: modelName, folder: modelName, wants: z.literal('webgpu').optional() }))
    .min(1)
    .refine((models) => oneOfEach(models.map(({ name }) => name)), 'A name is listed twice.'),
});
export type ModelList = z.infer<typeof modelListSchema>;
