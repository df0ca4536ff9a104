import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MOBILENET, planNetwork, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import { loadEmbedder } from '@rounz/core/model/embedder.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import { InferenceNetwork, normaliseRows } from '@rounz/core/model/inference-form.ts';
import { modelListSchema } from '@rounz/core/model/model-list.ts';
import { forwardTraining } from '@rounz/core/model/training-form.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import { toVariables } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../data/detector-models.ts';
import { trainConfigSchema } from '../recipes/schema.ts';
import { withTrainedLastLayer } from './last-layer.ts';
import { openEmbedder, readModelFolder } from './model-folder.ts';
import { recoverTrainingWeights } from './recover.ts';

const MODELS = join(import.meta.dirname, '../../public/models');
const { models } = modelListSchema.parse(JSON.parse(readFileSync(join(MODELS, 'models.json'), 'utf8')));

beforeAll(useWasmBackend);

describe.each(models)('the shipped model $folder', ({ name, folder: of, wants }) => {
  const folder = join(MODELS, of);
  const { cases: all, tolerance } = goldenSchema.parse(
    JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')),
  );
  // What wants a graphics device takes seconds for each; `npm test -- --all` tries them all in a browser.
  const cases = wants === undefined ? all : all.slice(0, 1);

  it('has the name by which it is listed', () => {
    expect(readModelFolder(folder).manifest.name).toBe(name);
  });

  it('reproduces its golden embeddings on WASM', async () => {
    const { embedder } = openEmbedder(folder);
    for (const { crop, size, embedding } of cases) {
      const [actual] = await embedder.embed([
        { data: new Uint8ClampedArray(Buffer.from(crop, 'base64')), size },
      ]);
      const worst = Math.max(...actual!.map((value, i) => Math.abs(value - embedding[i]!)));
      expect(worst).toBeLessThan(tolerance);
    }
    embedder.dispose();
  });

  // A ResNet has no separable blocks: nothing of it is multiplied so.
  const separates = readModelFolder(folder).manifest.architecture.kind === 'mobilenet';
  it.runIf(separates)(
    'has the same embeddings where the kiosk multiplies its 8-bit weights as integers',
    async () => {
      const { manifest, weights, accessoryHead } = readModelFolder(folder);
      const [float, integer] = [false, true].map((integer) =>
        loadEmbedder(manifest, weights, accessoryHead, { integer }),
      );
      const crops = cases.map(({ crop, size }) => ({
        data: new Uint8ClampedArray(Buffer.from(crop, 'base64')),
        size,
      }));
      const [wanted, found] = [await float!.see(crops), await integer!.see(crops)];
      for (const [at, { embedding, worn }] of wanted.entries()) {
        const differences = embedding.map((value, i) => Math.abs(value - found[at]!.embedding[i]!));
        expect(Math.max(...differences)).toBeLessThan(1e-4);
        expect(found[at]!.worn).toEqual(worn);
      }
      float!.dispose();
      integer!.dispose();
    },
  );

  it('has thresholds for every gallery', () => {
    const { manifest } = readModelFolder(folder);
    expect(manifest.calibration.length).toBeGreaterThan(0);
    expect(manifest.architecture).toEqual(
      manifest.architecture.kind === 'resnet' ? SFACE_RESNET50 : MOBILENET,
    );
  });

  it('is the same network in its training form, norms apart', async () => {
    const { manifest, weights } = readModelFolder(folder);
    const plan = planNetwork(manifest.architecture);
    const side = manifest.input.networkSize ?? manifest.input.size;
    const pictures = () => tf.randomUniform([2, side, side, 3], -1, 1, 'float32', 3) as tf.Tensor4D;
    async function* batches() {
      yield pictures();
    }
    const config = trainConfigSchema.parse(manifest.training.recipe);
    const variables = toVariables(await recoverTrainingWeights(folder, batches(), config));
    // Training continues from the trained last layer.
    const stored = withTrainedLastLayer(folder, manifest, unpackWeights(manifest.tensors, weights));
    const network = new InferenceNetwork(plan, stored);
    const difference = tf.tidy(() => {
      const images = tf.slice(pictures(), 0, 1);
      const apart = normaliseRows(forwardTraining(plan, variables, images, { kind: 'evaluate' }));
      return tf.max(tf.abs(tf.sub(network.forward(images), apart))).dataSync()[0]!;
    });
    expect(difference).toBeLessThan(1e-4);
    network.dispose();
    tf.dispose([...variables.values()]);
  });
});
