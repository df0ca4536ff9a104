import { createRng } from '@rounz/core/math/random.ts';
import { MOBILEFACENET, planNetwork, TRANSPLANT_RESNET50 } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { foldedDonor } from '../model/donor.ts';
import { fineTune, fineTuneLight } from '../recipes/fine-tune.ts';
import { MODEL_INPUTS } from '../samples/images.ts';
import { foldedMobileFaceNet, PACKAGE_MOBILEFACENET, PACKAGE_ORIGIN } from '../teacher/mobilefacenet-plan.ts';
import { obtainMobileFaceNet } from '../teacher/mobilefacenet-weights.ts';
import { type Made, meanCosine } from './made.ts';
import { FOR_LEAST_VALUES, measuringPictures } from './measuring-pictures.ts';
import { measureOffsets } from './offsets.ts';
import { transplant, widened } from './transplant.ts';

/** The ResNet-50 or the light network that computes what MobileFaceNet computes. */
export async function fromMobileFaceNet(
  kind: 'resnet50' | 'light',
  cache: string,
  donor: string | undefined,
): Promise<Made> {
  const given = donor ? foldedDonor(donor) : foldedMobileFaceNet(await obtainMobileFaceNet());
  const origin = PACKAGE_ORIGIN;
  if (kind === 'resnet50') {
    const weights = await grafted(given, cache);
    return { architecture: TRANSPLANT_RESNET50, weights, recipe: fineTune, name: 'rounz-r50', origin };
  }
  const weights = widened(given, MOBILEFACENET.embeddingSize);
  return { architecture: MOBILEFACENET, weights, recipe: fineTuneLight, name: 'rounz-light', origin };
}

async function grafted(donor: HostWeights, cache: string): Promise<HostWeights> {
  const images = measuringPictures(cache, FOR_LEAST_VALUES, MODEL_INPUTS.imagenet);
  const offsets = await measureOffsets(donor, images, []);
  const architecture = TRANSPLANT_RESNET50;
  const made = transplant(donor, offsets, { architecture, leftOut: [], rng: createRng(1) });
  const cosine = await meanCosine(
    new InferenceNetwork(planNetwork(PACKAGE_MOBILEFACENET), donor),
    new InferenceNetwork(planNetwork(architecture), made),
    images,
  );
  images.dispose();
  console.log(`Cosine to MobileFaceNet before any training: ${cosine.toFixed(3)}.`);
  return made;
}
