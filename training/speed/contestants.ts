import type { AlignedCrop, RgbaImage } from '@rounz/core/image.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { toBatch } from '@rounz/core/model/embedder.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import { loadModelSystem } from '../evaluation/model-recogniser.ts';
import { loadPeer, PEERS } from '../evaluation/peers.ts';
import { patternCrop } from '../model/golden.ts';
import type { ModelFolder } from '../model/model-folder.ts';
import { ONNX_INPUT, ONNX_OUTPUT, toOnnx } from '../model/onnx.ts';
import { loadOnnxRuntime, ONNXRUNTIME } from '../model/onnx-runtime.ts';
import type { Contestant } from './race.ts';

/** Embeddings of both runtimes may differ by this much in any value. */
const TOLERANCE = 1e-4;

/** Our whole pipeline on one picture, as on a camera's frame, then each peer's. */
export async function pipelineContestants(model: string, picture: RgbaImage): Promise<Contestant[]> {
  const { recogniser } = await loadModelSystem([model]);
  const all = [recogniser, ...(await Promise.all(PEERS.map(loadPeer)))];
  return all.map((one, i) => ({
    name: i === 0 ? 'ours' : one.name,
    run: async () => {
      const [capture] = await one.capture([picture], ['probe']);
      if (!capture) throw new Error(`${one.name} found no face in the rendered picture.`);
    },
  }));
}

/** A model's embedder alone, on tfjs and on onnxruntime-web. */
export async function embedderContestants({ manifest, weights }: ModelFolder): Promise<Contestant[]> {
  const plan = planNetwork(manifest.architecture);
  const folded = unpackWeights(manifest.tensors, weights);
  const network = new InferenceNetwork(plan, folded);
  const crop: AlignedCrop = patternCrop(1, manifest.input.size);
  const embedByTfjs = async (): Promise<Float32Array> => {
    const images = toBatch([crop], manifest.input);
    const output = network.forward(images);
    images.dispose();
    const values = (await output.data<'float32'>()).slice();
    output.dispose();
    return values;
  };
  const ort = await loadOnnxRuntime();
  const { size, networkSize = size } = manifest.input;
  const session = await ort.InferenceSession.create(toOnnx(plan, folded, networkSize), {
    executionProviders: ['wasm'],
  });
  const embedByOnnx = async (): Promise<Float32Array> => {
    const images = toBatch([crop], manifest.input);
    const turned = images.transpose([0, 3, 1, 2]);
    const values = (await turned.data<'float32'>()).slice();
    images.dispose();
    turned.dispose();
    const feeds = { [ONNX_INPUT]: new ort.Tensor('float32', values, [1, 3, networkSize, networkSize]) };
    return (await session.run(feeds))[ONNX_OUTPUT]!.data;
  };
  assertAlike(await embedByTfjs(), await embedByOnnx());
  return [
    { name: 'tfjs WASM (ours)', run: async () => void (await embedByTfjs()) },
    { name: `onnxruntime-web ${ONNXRUNTIME} WASM`, run: async () => void (await embedByOnnx()) },
  ];
}

/** @throws Error where two runtimes do not compute the same, for then their times say nothing */
function assertAlike(a: Float32Array, b: Float32Array): void {
  const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  if (!(worst <= TOLERANCE))
    throw new Error(
      `The two runtimes give different embeddings (off by ${worst}): their times cannot be compared.`,
    );
}
