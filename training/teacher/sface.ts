import { availableParallelism } from 'node:os';
import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';
import { loadOnnxRuntime } from '../model/onnx-runtime.ts';
import type { Teacher } from './contract.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { unit } from './fused.ts';
import { middles } from './middles.ts';
import { SFACE } from './sface-weights.ts';
import { obtainMember } from './source-package.ts';

const { size: SIDE } = CACHED_CROP;
const PIXELS = SIDE * SIDE;

/** Names in the ONNX file. */
const INPUT = 'data';
const OUTPUT = 'fc1';

/** The network: RGB planes of one picture, [3, 112, 112] of 0..255, to its `TEACHER_SIZE` values. */
export type SFaceNetwork = (planes: Float32Array) => Promise<Float32Array>;

/**
 * SFace (Zhong et al. 2021, IEEE TIP 30:2587): a MobileNet of 9.7 M weights, of ArcFace's 112 x 112 in the middle of a cached crop
 * and of its mirror image.
 */
export class SFaceTeacher implements Teacher {
  private readonly network: SFaceNetwork;

  constructor(network: SFaceNetwork) {
    this.network = network;
  }

  /** Loads the network into onnxruntime-web, which is fetched where it is not installed. */
  static async load(): Promise<SFaceTeacher> {
    const model = await obtainMember(SFACE);
    const ort = await loadOnnxRuntime({ threads: availableParallelism() });
    // Errors alone: it would warn of each weight that the file also lists as an input.
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      logSeverityLevel: 3,
    });
    return new SFaceTeacher(async (planes) => {
      const results = await session.run({ [INPUT]: new ort.Tensor('float32', planes, [1, 3, SIDE, SIDE]) });
      return results[OUTPUT]!.data;
    });
  }

  /** @returns the sum of both pictures' unit embeddings, of unit length */
  async embed(faces: readonly CachedFace[]): Promise<Float32Array[]> {
    const pixels = middles(faces);
    const embeddings: Float32Array[] = [];
    for (const [i] of faces.entries()) {
      const picture = pixels.subarray(i * PIXELS * 3, (i + 1) * PIXELS * 3);
      const sum = new Float32Array(TEACHER_SIZE);
      for (const mirrored of [false, true])
        for (const [k, value] of unit(await this.network(planesOf(picture, mirrored))).entries())
          sum[k]! += value;
      embeddings.push(unit(sum));
    }
    return embeddings;
  }

  dispose(): void {
    // The runtime's own memory, freed with the process.
  }
}

/** @param pixels RGB bytes, 112 x 112 */
function planesOf(pixels: Uint8ClampedArray, mirrored: boolean): Float32Array {
  const planes = new Float32Array(3 * PIXELS);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const from = (y * SIDE + (mirrored ? SIDE - 1 - x : x)) * 3;
      for (let c = 0; c < 3; c++) planes[c * PIXELS + y * SIDE + x] = pixels[from + c]!;
    }
  return planes;
}
