import { errorMessage } from '@rounz/core/error-message.ts';
import { modelListSchema } from '@rounz/core/model/model-list.ts';
import { z } from 'zod';
import type { ListedModel, ModelShelf } from '../state/engine/model-choice.ts';
import { probeCapabilities } from '../vision/capabilities.ts';
import { chooseBackend } from '../vision/choose-backend.ts';
import { VisionError } from '../vision/errors.ts';
import type { VisionOptions } from '../vision/protocol.ts';
import { portraitFrames } from './demo-pictures.ts';

const hashSchema = z.object({ modelHash: z.string().regex(/^[0-9a-f]{64}$/) });

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const url = new URL(path, document.baseURI);
  try {
    const response = await fetch(url, { cache: 'no-cache' });
    return schema.parse(await response.json());
  } catch (error) {
    throw new VisionError(
      'model-missing',
      `${url.href} does not name a recogniser (${errorMessage(error)}). ` +
        'Without it no face is recognised: install a model.',
    );
  }
}

/**
 * The recognisers that `models/models.json` lists.
 *
 * @param vision how the engine is started, whichever of them runs
 * @param demoUrl absolute address of the rendered people, one of whom stands in for a shopper while a model is timed
 * @param asked the name in the address
 */
export function createModelShelf(
  vision: Omit<VisionOptions, 'modelUrl'>,
  demoUrl: string,
  asked: string | undefined,
): ModelShelf {
  let frames: Promise<() => Promise<ImageBitmap>> | undefined;
  return {
    asked,
    async list(): Promise<readonly ListedModel[]> {
      const { models } = await read('models/models.json', modelListSchema);
      return models.map(({ name, folder, wants }) => ({
        name,
        wants,
        options: { ...vision, modelUrl: `models/${folder}/` },
      }));
    },
    async hasGpu() {
      const { forceBackend: force } = vision;
      return chooseBackend(await probeCapabilities(), { force }).kind === 'webgpu';
    },
    hashOf: async ({ options }) => (await read(`${options.modelUrl}manifest.json`, hashSchema)).modelHash,
    async frame() {
      frames ??= portraitFrames(demoUrl);
      return (await frames)();
    },
  };
}
