import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';

/** One file of a set. `path` is relative to the set's root, e.g. `Barack_Obama/10.jpg`. */
export interface SetFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The plain files of a tar archive, in its order. */
export async function* readTar(file: string): AsyncGenerator<SetFile> {
  const entries = createReadStream(file).pipe(extract());
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
