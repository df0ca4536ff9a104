import type { CachedFace } from '../cache/aligned-set.ts';
import type { Teacher } from './contract.ts';
import { FACE_API_SIDE, FaceApiNetwork } from './face-api-network.ts';
import { cutForFaceApi } from './face-api-window.ts';

/** dlib's recogniser, of the picture that face-api would cut out of a cached crop. */
export class FaceApiTeacher implements Teacher {
  private readonly network: FaceApiNetwork;

  private constructor(network: FaceApiNetwork) {
    this.network = network;
  }

  static load(): FaceApiTeacher {
    return new FaceApiTeacher(FaceApiNetwork.load());
  }

  embed(faces: readonly CachedFace[]): Promise<Float32Array[]> {
    const bytes = FACE_API_SIDE * FACE_API_SIDE * 3;
    const pixels = new Uint8ClampedArray(faces.length * bytes);
    faces.forEach(({ crop, mesh }, i) => {
      cutForFaceApi(crop, mesh, pixels.subarray(i * bytes, (i + 1) * bytes));
    });
    return this.network.embed(pixels, faces.length);
  }

  dispose(): void {
    this.network.dispose();
  }
}
