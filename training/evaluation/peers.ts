import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { RgbaImage } from '@rounz/core/image.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { detectorFolder } from '../data/detector-models.ts';
import { HUMAN_OPTIONS } from './human-options.ts';
import type { Capture, Recogniser } from './recogniser.ts';

/** The browser libraries that the kiosk is measured against; dependencies of this workspace alone. */
export const PEERS = ['face-api', 'human'] as const;
export type PeerName = (typeof PEERS)[number];

/** Mirrored border laid around each picture, as a share of its sides: the sets' pictures are cut tightly around the face, and
 * both peers look for a face with room around it. */
const PADDING = 0.4;

const require = createRequire(import.meta.url);

/** The parts of tfjs' CommonJS build that the peers run on; another instance than this workspace's. */
interface PeerTensorflow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor3d(values: Int32Array, shape: [number, number, number], dtype: 'int32'): PeerTensor;
}

interface PeerTensor {
  dispose(): void;
}

/** A face in a peer's answer. */
interface PeerFace {
  /** area of the box, square pixels */
  readonly area: number;
  readonly embedding: Float32Array;
}

const largestFace = (faces: readonly PeerFace[]): PeerFace | undefined =>
  faces.reduce<PeerFace | undefined>(
    (best, face) => (best && best.area >= face.area ? best : face),
    undefined,
  );

/** The peer's whole pipeline on tfjs' WASM backend in Node. */
export const loadPeer = (name: PeerName): Promise<Recogniser> =>
  name === 'face-api' ? loadFaceApi() : loadHuman();

const packageFile = (path: string): string => require.resolve(path);

async function startPeerBackend(): Promise<PeerTensorflow> {
  const tf = require('@tensorflow/tfjs') as PeerTensorflow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(`${dirname(packageFile('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs has no WASM backend here: the peers cannot run.');
  await tf.ready();
  return tf;
}

/** The picture as RGB with its mirrored border; reflection without repeating the edge. */
export function mirrorPadded({ data, width, height }: RgbaImage, share: number) {
  const [borderX, borderY] = [Math.round(width * share), Math.round(height * share)];
  const [outWidth, outHeight] = [width + 2 * borderX, height + 2 * borderY];
  const reflect = (position: number, length: number) => {
    const beyond = Math.abs(position);
    return beyond < length ? beyond : 2 * (length - 1) - beyond;
  };
  const values = new Int32Array(outWidth * outHeight * 3);
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      const from = (reflect(y - borderY, height) * width + reflect(x - borderX, width)) * 4;
      values.set(data.subarray(from, from + 3), (y * outWidth + x) * 3);
    }
  return { values, width: outWidth, height: outHeight };
}

function peerRecogniser(
  name: string,
  tf: PeerTensorflow,
  detect: (picture: PeerTensor) => Promise<PeerFace[]>,
  similarity: Recogniser['similarity'],
  dispose: () => void,
): Recogniser {
  const embedOne = async (picture: RgbaImage) => {
    const { values, width, height } = mirrorPadded(picture, PADDING);
    const tensor = tf.tensor3d(values, [height, width, 3], 'int32');
    try {
      return largestFace(await detect(tensor))?.embedding ?? null;
    } finally {
      tensor.dispose();
    }
  };
  return {
    name,
    async capture(pictures) {
      const captures: (Capture | null)[] = [];
      for (const picture of pictures) {
        const embedding = await embedOne(picture);
        captures.push(embedding && { embedding, yaw: null, drawn: new Map() });
      }
      return captures;
    },
    similarity,
    dispose,
  };
}

interface FaceApi {
  readonly nets: Record<
    'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromDisk(folder: string): Promise<void> }
  >;
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => object;
  detectAllFaces(
    picture: PeerTensor,
    options: object,
  ): {
    withFaceLandmarks(): {
      withFaceDescriptors(): Promise<{ descriptor: Float32Array; detection: { box: { area: number } } }[]>;
    };
  };
}

/** SSD MobileNet v1, 68 landmarks, dlib's 128 values; compared by L2 distance. Its defaults throughout. */
async function loadFaceApi(): Promise<Recogniser> {
  const tf = await startPeerBackend();
  const bundle = packageFile('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const faceApi = require(bundle) as FaceApi;
  const folder = join(dirname(bundle), '..', 'model');
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const)
    await faceApi.nets[net].loadFromDisk(folder);
  const options = new faceApi.SsdMobilenetv1Options({ minConfidence: 0.5 });
  const detect = async (picture: PeerTensor) => {
    const found = await faceApi.detectAllFaces(picture, options).withFaceLandmarks().withFaceDescriptors();
    return found.map(({ descriptor, detection }) => ({ area: detection.box.area, embedding: descriptor }));
  };
  return peerRecogniser(
    'face-api',
    tf,
    detect,
    (a, b) => -Math.sqrt(squaredDistance(a, b)),
    () => {},
  );
}

const squaredDistance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

interface HumanLibrary {
  load(): Promise<void>;
  detect(picture: PeerTensor): Promise<{ face: { size: [number, number]; embedding?: number[] }[] }>;
}

/** blazeface, facemesh, faceres' 1024 values; compared by cosine. */
async function loadHuman(): Promise<Recogniser> {
  const tf = await startPeerBackend();
  const models = await serveFolder(detectorFolder());
  const { Human } = require(join(detectorFolder(), '..', 'dist', 'human.node-wasm.js')) as {
    Human: new (config: object) => HumanLibrary;
  };
  const human = new Human({
    ...HUMAN_OPTIONS,
    wasmPath: `${dirname(packageFile('@tensorflow/tfjs-backend-wasm'))}/`,
    modelBasePath: `http://127.0.0.1:${(models.address() as AddressInfo).port}/`,
    cacheSensitivity: 0,
  });
  await human.load();
  const detect = async (picture: PeerTensor) => {
    const { face } = await human.detect(picture);
    return face.flatMap(({ size, embedding }) =>
      embedding ? [{ area: size[0] * size[1], embedding: Float32Array.from(embedding) }] : [],
    );
  };
  const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return peerRecogniser('human', tf, detect, cosine, () => models.close());
}

/** human reads its models over HTTP alone. */
async function serveFolder(folder: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const bytes = await readFile(join(folder, basename(request.url ?? ''))).catch(() => null);
    response.statusCode = bytes ? 200 : 404;
    response.end(bytes ?? undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
