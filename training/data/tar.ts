import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';

/** One file of a set. `path` is relative to the set's root, e.g. `Barack_Obama/10.jpg`. */
export interface SetFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The plain files of a tar archive, in its order. */
export const readTar = (file: string): AsyncGenerator<SetFile> => filesOf(createReadStream(file));

/** The same of an archive that is read already. */
export async function* filesOf(archive: Readable): AsyncGenerator<SetFile> {
  const entries = archive.pipe(extract());
  for await (const entry of entries) {
    if (entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    yield { path: entry.header.name.replace(/^\.\//, ''), bytes: Buffer.concat(chunks) };
  }
}
