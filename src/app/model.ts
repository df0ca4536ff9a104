import { z } from 'zod';
import { VisionError } from '../vision/errors.ts';

/** A model is a folder's name below `models/`, never a path. */
export const modelName = z.string().regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i);

/** `models/models.json`: which of the models that lie there is used. Written by the trainer's `export`. */
const choiceSchema = z.object({ recogniser: modelName });

/**
 * The name of the recogniser that this installation has chosen.
 *
 * @throws VisionError `model-missing` where the choice cannot be read
 */
export async function chosenModel(): Promise<string> {
  const url = new URL('models/models.json', document.baseURI);
  try {
    const response = await fetch(url, { cache: 'no-cache' });
    return choiceSchema.parse(await response.json()).recogniser;
  } catch (error) {
    throw new VisionError(
      'model-missing',
      `${url.href} does not name a recogniser (${error instanceof Error ? error.message : String(error)}). ` +
        'Without it no face is recognised: install a model.',
    );
  }
}
