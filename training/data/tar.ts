import type { Readable } from 'node:stream';
import { StreamSource } from './byte-source.ts';
import type { SetFile } from './set-file.ts';
import { tarMembers } from './tar-members.ts';

/** The plain files of a tar archive that comes as a stream, in its order. */
export async function* filesOf(archive: Readable): AsyncGenerator<SetFile> {
  const source = new StreamSource(archive);
  for await (const { type, name, size } of tarMembers(source, () => {}))
    if (type === '0') yield { path: name.toString().replace(/^\.\//, ''), bytes: await source.read(size) };
}
