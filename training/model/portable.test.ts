import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MOBILEFACENET,
  MOBILENET,
  RESNET50,
  SFACE_RESNET50,
  TRANSPLANT_RESNET50,
} from '@rounz/core/model/architecture.ts';
import { toBatch } from '@rounz/core/model/embedder.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { modelListSchema } from '@rounz/core/model/model-list.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../data/detector-models.ts';
import { ONNX_INPUT, ONNX_OUTPUT } from './onnx.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import { encodePortable, type PortableModel, portableFromFolder, portableWeights } from './portable.ts';
import { readSafetensors } from './safetensors.ts';
import { writeRandomModel } from './test-model.ts';

/** Largest difference of any value from the golden embeddings. */
const TOLERANCE = 1e-4;
/** The first run may fetch onnxruntime-web, 140 MB. */
const TIMEOUT = 600_000;

const root = mkdtempSync(join(tmpdir(), 'portable-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(useWasmBackend);

const MODELS = join(import.meta.dirname, '../../public/models');
const shipped = modelListSchema.parse(JSON.parse(readFileSync(join(MODELS, 'models.json'), 'utf8'))).models;

const small = { width: 8, embeddingSize: 32 } as const;
const narrow = MOBILEFACENET.blocks.map(({ stride }) => ({ hidden: 16, outputs: 8, stride }));
/** Every kind of network and head, small. */
const KINDS: Readonly<Record<string, Architecture>> = {
  'ResNet, pooled stem': { ...RESNET50, ...small, blocks: [1, 2, 1, 1] },
  'ResNet, weighted head': { ...TRANSPLANT_RESNET50, ...small, blocks: [1, 2, 1, 1] },
  'ResNet, deep stem, slopes, whole head': {
    ...SFACE_RESNET50,
    ...small,
    blocks: [1, 2, 2, 1],
    head: { neck: 8, side: 7, outputs: 24 },
  },
  'ResNet, stride in the first layer': {
    ...TRANSPLANT_RESNET50,
    ...small,
    blocks: [1, 1, 1, 1],
    strideIn: ['spatial', 'reduce', 'spatial', 'spatial'],
  },
  MobileFaceNet: { ...MOBILEFACENET, ...small, blocks: narrow },
  MobileNet: {
    ...MOBILENET,
    ...small,
    blocks: MOBILENET.blocks.map(({ stride }) => ({ outputs: 16, stride })),
    head: { neck: 8, side: 7, outputs: 24 },
  },
};

const writeKind = (name: string, architecture: Architecture, mirror: boolean): Promise<string> =>
  writeRandomModel(join(root, name), architecture, { mirror });

/** Largest difference of the ONNX model's embeddings of golden crops, put through together. @param limit crops at most (default: all) */
async function worstByOnnx(folder: string, model: PortableModel, limit?: number): Promise<number> {
  const ort = await loadOnnxRuntime();
  const session = await ort.InferenceSession.create(encodePortable(model, 'onnx'), {
    executionProviders: ['wasm'],
  });
  const golden = goldenSchema.parse(JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')));
  const cases = golden.cases.slice(0, limit);
  const batch = toBatch(
    cases.map(({ crop, size }) => ({ data: new Uint8ClampedArray(Buffer.from(crop, 'base64')), size })),
    model.input,
  );
  const [count, side] = batch.shape;
  const rows = batch.dataSync();
  batch.dispose();
  const planes = new Float32Array(rows.length);
  for (let n = 0; n < count; n++)
    for (let pixel = 0; pixel < side * side; pixel++)
      for (let c = 0; c < 3; c++)
        planes[(n * 3 + c) * side * side + pixel] = rows[(n * side * side + pixel) * 3 + c]!;
  const feeds = { [ONNX_INPUT]: new ort.Tensor('float32', planes, [count, 3, side, side]) };
  const { data } = (await session.run(feeds))[ONNX_OUTPUT]!;
  const wanted = cases.flatMap(({ embedding }) => embedding);
  expect(data).toHaveLength(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - data[i]!)), 0);
}

describe.each(Object.entries(KINDS))('export of a %s', (name, architecture) => {
  it.each([false, true])(
    'as ONNX reproduces the golden embeddings in another runtime (mirrored: %s)',
    async (mirror) => {
      const folder = await writeKind(`${name}-${mirror}`, architecture, mirror);
      expect(await worstByOnnx(folder, portableFromFolder(folder))).toBeLessThan(TOLERANCE);
    },
    TIMEOUT,
  );

  it('as safetensors gives every weight back, in the layout of PyTorch', async () => {
    const folder = await writeKind(`${name}-safetensors`, architecture, false);
    const model = portableFromFolder(folder);
    const file = join(root, `${name}.safetensors`);
    writeFileSync(file, encodePortable(model, 'safetensors'));
    const read = new Map([...readSafetensors(file)].map(([key, tensor]) => [key, tensor()]));
    expect(new Map([...read].map(([key, { shape }]) => [key, shape]))).toEqual(
      new Map([...portableWeights(model)].map(([key, { shape }]) => [key, [...shape]])),
    );
    let values = 0;
    for (const [key, { shape, data }] of model.folded) {
      const layer = key.replace(/\.kernel$/, '.weight');
      const there = read.get(layer)!.data;
      values += data.length;
      // A value's place, computed anew: [y, x, in, out] lies at [out, in, y, x]; one channel's own kernel at [channel, 0, y, x].
      const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
      const depthwise = shape.length === 4 && read.get(layer)!.shape[1] === 1 && outputs === 1;
      for (const index of [0, 1, data.length >> 1, data.length - 1]) {
        let place = index;
        if (shape.length === 2) place = (index % width) * height + Math.floor(index / width);
        if (shape.length === 4) {
          const o = index % outputs;
          const i = Math.floor(index / outputs) % inputs;
          const pixel = Math.floor(index / (outputs * inputs));
          place = depthwise ? i * height * width + pixel : (o * inputs + i) * height * width + pixel;
        }
        expect(there[place]).toBe(data[index]);
      }
    }
    expect([...read.values()].reduce((sum, { data }) => sum + data.length, 0)).toBe(values);
    const header = readFileSync(file).toString('utf8', 8, 2_000);
    expect(header).toContain('"modelHash"');
  });
});

it.each(shipped)(
  'export of the shipped $folder as ONNX reproduces its golden embeddings in another runtime',
  async ({ folder, wants }) => {
    const path = join(MODELS, folder);
    // What wants a graphics device takes seconds for each.
    const limit = wants && 2;
    expect(await worstByOnnx(path, portableFromFolder(path), limit)).toBeLessThan(TOLERANCE);
  },
  TIMEOUT,
);
