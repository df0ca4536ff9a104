import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AlignedCrop, RgbaImage } from '@rounz/core/image.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { toBatch } from '@rounz/core/model/embedder.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import { fetchPackage } from '../backend/fetch.ts';
import { findPackage } from '../backend/optional-package.ts';
import { loadModelSystem } from '../evaluation/model-recogniser.ts';
import { loadPeer, PEERS } from '../evaluation/peers.ts';
import { patternCrop } from '../model/golden.ts';
import type { ModelFolder } from '../model/model-folder.ts';
import { ONNX_INPUT, ONNX_OUTPUT, toOnnx } from '../model/onnx.ts';
import type { Contestant } from './race.ts';

const ONNXRUNTIME = '1.30.0';

/** Embeddings of both runtimes may differ by this much in any value. */
const TOLERANCE = 1e-4;

/** Our whole pipeline, then each peer's, on one picture. */
export async function pipelineContestants(model: string, picture: RgbaImage): Promise<Contestant[]> {
  const { recogniser } = await loadModelSystem([model]);
  const all = [recogniser, ...(await Promise.all(PEERS.map(loadPeer)))];
  return all.map((one, i) => ({
    name: i === 0 ? 'ours' : one.name,
    run: async () => {
      const [capture] = await one.capture([picture]);
      if (!capture) throw new Error(`${one.name} found no face in the rendered picture.`);
    },
  }));
}

/** What this file uses of onnxruntime-web, which is no dependency: 140 MB that nobody else needs. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}

interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  if (!findPackage('onnxruntime-common')) fetchPackage('onnxruntime-common', ONNXRUNTIME);
  const folder = findPackage('onnxruntime-web') ?? fetchPackage('onnxruntime-web', ONNXRUNTIME);
  const file = pathToFileURL(join(folder, 'dist/ort.node.min.mjs')).href;
  return (await import(file)) as OnnxRuntime;
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
  ort.env.wasm.numThreads = 1;
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
