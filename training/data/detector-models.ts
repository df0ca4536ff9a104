import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DetectorConfig, FaceDetector } from '@rounz/core/face/detector.ts';
import { loadFaceDetector } from '@rounz/core/face/detector.ts';
import type { ReadDetectorFile } from '@rounz/core/face/models.ts';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Found by walking up, since human's `exports` hide its package.json and its models from `require.resolve`. */
function packageFolder(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new Error(`The npm package ${name} isn't installed; run npm install in the repository's root.`);
  }
}

/** Folder of the two graph models, in the npm package that ships them. */
export const detectorFolder = (): string => join(packageFolder('@vladmandic/human'), 'models');

/** Reader of the detector's files from disk. */
export const diskDetectorFiles =
  (folder = detectorFolder()): ReadDetectorFile =>
  async (file) => {
    const bytes = await readFile(join(folder, file));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };

/** Makes WASM tfjs' backend in this process, from the npm package's own binaries. */
export async function useWasmBackend(): Promise<void> {
  setWasmPaths(`${join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist')}/`);
  if (!(await tf.setBackend('wasm')))
    throw new Error('tfjs has no WASM backend here: the face detector cannot run. Reinstall the packages.');
  await tf.ready();
}

/** The kiosk's detector in Node. Uses tfjs' current backend; call `useWasmBackend` first. */
export const loadNodeDetector = (config?: DetectorConfig): Promise<FaceDetector> =>
  loadFaceDetector(diskDetectorFiles(), config);
