import { type Golden, goldenSchema } from '@rounz/core/model/golden.ts';
import { normaliseCrop } from '@rounz/core/model/normalise-crop.ts';
import { shrink } from '@rounz/core/model/shrink.ts';
import { loadRecogniserFiles } from '../../src/vision/model-files.ts';
import { goldenCrop } from '../../src/vision/self-test.ts';
import { HUMAN_OPTIONS } from '../../training/evaluation/human-options.ts';

/** Runs in the browser: the libraries that the kiosk is measured against. */

/** What is timed. */
export interface Contestant {
  readonly name: string;
  /** before each run, not timed */
  readonly before?: () => Promise<void>;
  readonly run: () => Promise<unknown>;
}

/** What is compared: a face found anew, a followed face, and the embedders alone. */
export type Group = 'found' | 'followed' | 'alone';
export type Groups = Readonly<Record<Group, readonly Contestant[]>>;
export interface Listed {
  readonly name: string;
  readonly folder: string;
}
export interface HumanModule {
  readonly Human: new (config: object) => HumanLibrary;
}
interface HumanLibrary {
  load(): Promise<void>;
  detect(picture: HTMLCanvasElement): Promise<{ face: { embedding?: number[] }[] }>;
}
export interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    ready(): Promise<void>;
    setWasmPaths?(path: string): void;
  };
  readonly nets: Record<
    'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromUri(folder: string): Promise<void> }
  >;
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => object;
  detectAllFaces(
    picture: HTMLCanvasElement,
    options: object,
  ): { withFaceLandmarks(): { withFaceDescriptors(): Promise<unknown[]> } };
}
export interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number; wasmPaths: string } };
  readonly InferenceSession: {
    create(model: string, options: { executionProviders: string[] }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}
interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

/** Embeddings of both runtimes may differ by this much in any value. */
const TOLERANCE = 1e-3;
export const at = (path: string): string => new URL(path, document.baseURI).href;
export const peer = <T>(path: string): Promise<T> => import(/* @vite-ignore */ at(path)) as Promise<T>;

export const loadFiles = (folder: string) => loadRecogniserFiles(at(`models/${folder}/`), () => {});

export async function human(
  { Human }: HumanModule,
  canvas: HTMLCanvasElement,
  caching: boolean,
): Promise<Contestant> {
  const library = new Human({
    ...HUMAN_OPTIONS,
    debug: false,
    wasmPath: at('wasm/'),
    modelBasePath: at('human-models/'),
    // Its own measure of change decides what it reuses of the frame before.
    ...(caching ? {} : { cacheSensitivity: 0 }),
  });
  await library.load();
  return {
    name: 'human',
    async run() {
      const { face } = await library.detect(canvas);
      if (!face[0]?.embedding) throw new Error('human embedded no face of the rendered picture.');
    },
  };
}

export async function faceApi(library: FaceApi, canvas: HTMLCanvasElement): Promise<Contestant> {
  library.tf.setWasmPaths?.(at('wasm/'));
  if (!(await library.tf.setBackend('wasm'))) throw new Error('face-api has no WASM backend here.');
  await library.tf.ready();
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const)
    await library.nets[net].loadFromUri(at('face-api-models/'));
  const options = new library.SsdMobilenetv1Options({ minConfidence: 0.5 });
  return {
    name: 'face-api',
    async run() {
      const found = await library.detectAllFaces(canvas, options).withFaceLandmarks().withFaceDescriptors();
      if (found.length === 0) throw new Error('face-api found no face in the rendered picture.');
    },
  };
}

/** onnxruntime-web on the same weights, with a mirrored pass where the model's templates have one. */
export async function onnx(ort: OnnxRuntime, { name, folder }: Listed): Promise<Contestant> {
  const session = await ort.InferenceSession.create(at(`onnx/${name}.onnx`), {
    executionProviders: ['wasm'],
  });
  const { manifest, golden } = await loadFiles(folder);
  const [{ embedding }] = goldenSchema.parse(golden).cases as [Golden['cases'][number]];
  const { data, size } = goldenCrop(golden);
  const { networkSize: side = size } = manifest.input;
  const embed = async (): Promise<Float32Array> => {
    const pixels = side === size ? data : shrink(data, size, side);
    const values = new Float32Array(pixels.length);
    normaliseCrop(pixels, manifest.input, values, 0);
    const planes = new Float32Array(values.length);
    for (let i = 0; i < side * side; i++)
      for (let c = 0; c < 3; c++) planes[c * side * side + i] = values[i * 3 + c]!;
    const answer = await session.run({ images: new ort.Tensor('float32', planes, [1, 3, side, side]) });
    return answer['embeddings']!.data;
  };
  const found = await embed();
  // With a mirrored pass: the sum of both halves, before it is brought to unit length.
  const length = Math.hypot(...found);
  const worst = embedding.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]! / length)), 0);
  if (!(worst <= TOLERANCE))
    throw new Error(
      `${name}: onnxruntime-web is off the golden embedding by ${worst}: its time says nothing.`,
    );
  return { name: `${name}, onnxruntime-web`, run: embed };
}
