import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { filesOf } from '../data/tar.ts';
import { obtainSourcePackage, type SourcePackage } from './source-package.ts';
import { readStateDict } from './torch-file.ts';

/** A source package that carries weights. */
interface WeightsPackage extends SourcePackage {
  /** path of the weights in it */
  readonly weights: string;
}

/** facesdk 0.0.8 (MIT), which nobody maintains any more. */
export const FACESDK: WeightsPackage = {
  name: 'facesdk',
  version: '0.0.8',
  sha256: 'f62b607459ebc49773fcf238296c8b313c2df3f8355ab345aba5a76275cd7195',
  weights: 'facesdk-0.0.8/facesdk/model.pt',
  file: join(import.meta.dirname, '../../.cache/teachers/facesdk-0.0.8.tar.gz'),
};

/**
 * MobileFaceNet's weights by their names, out of the package, which is fetched once.
 *
 * @throws Error that says what to do where it cannot be fetched or is another file than the pinned one
 */
export async function obtainMobileFaceNet(source: WeightsPackage = FACESDK): Promise<HostWeights> {
  const archive = gunzipSync(obtainSourcePackage(source));
  for await (const { path, bytes } of filesOf(Readable.from([archive])))
    if (path === source.weights) return readStateDict(bytes, path);
  throw new Error(`${source.file} holds no ${source.weights}.`);
}
