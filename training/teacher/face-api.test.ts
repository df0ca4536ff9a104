import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPeer } from '../evaluation/peers.ts';
import { FaceApiTeacher } from './face-api.ts';
import { FACE_API_SIDE } from './face-api-network.ts';
import { cutForFaceApi } from './face-api-window.ts';
import { syntheticFace } from './synthetic-face.ts';

describe('face-api’s recogniser', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
  });

  it('gives face-api’s own values', async () => {
    const face = syntheticFace(9);
    const before = tf.memory().numTensors;
    const teacher = FaceApiTeacher.load();
    const [ours] = await teacher.embed([face]);
    teacher.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const picture = new Uint8ClampedArray(FACE_API_SIDE * FACE_API_SIDE * 3);
    cutForFaceApi(face.crop, face.mesh, picture);
    const theirs = await faceApiDescriptor(picture);
    ours!.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!)).toBeLessThan(2e-4);
    });
  });
});

/** The descriptor of a picture that is cut out already, by the package itself. */
async function faceApiDescriptor(picture: Uint8ClampedArray): Promise<Float32Array> {
  (await loadPeer('face-api')).dispose();
  const require = createRequire(import.meta.url);
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as {
    nets: { faceRecognitionNet: { computeFaceDescriptor(input: object): Promise<Float32Array> } };
  };
  const theirTf = require('@tensorflow/tfjs') as typeof tf;
  const tensor = theirTf.tensor3d(Int32Array.from(picture), [FACE_API_SIDE, FACE_API_SIDE, 3], 'int32');
  const values = await faceApi.nets.faceRecognitionNet.computeFaceDescriptor(tensor);
  tensor.dispose();
  return values;
}
