import { once } from 'node:events';
import type { WriteStream } from 'node:fs';

/** Writes, and waits while the disk is behind. */
export async function write(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

/** Ends a stream and waits until everything is written. */
export async function end(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}
