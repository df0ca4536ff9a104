import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { encodeFloat16 } from '@rounz/core/model/float16.ts';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { decodeImage } from './data/decode.ts';
import { findSources, readSource } from './data/sources.ts';
import { TEACHER_SIZE } from './data/teacher.ts';
import { loadPeer } from './evaluation/peers.ts';

/** A row for a picture in which the teacher finds no face. */
const NO_FACE = new Uint16Array(TEACHER_SIZE).fill(0x7e00);

/** `teach`: the teacher's embedding of every picture, in the files that `train --teacher` reads. */
export function registerTeach(program: Command): void {
  program
    .command('teach')
    .description('embed every picture with the teacher, face-api’s recogniser, for `train --teacher`')
    .requiredOption('--data <dir>', 'folder of <set>-NN.tar archives or of folders of identities')
    .option('--sets <names...>', 'sets of that folder (default: all)')
    .requiredOption('--out <dir>', 'where embeddings.f16 and images.txt go')
    .action(teach);
}

async function teach({ data, sets, out }: { data: string; sets?: string[]; out: string }): Promise<void> {
  const sources = findSources(data).filter(({ name }) => !sets || sets.includes(name));
  if (sources.length === 0) throw new Error(`${data} holds none of the sets ${sets?.join(', ') ?? ''}.`);
  const teacher = await loadPeer('face-api');
  mkdirSync(out, { recursive: true });
  const files = ['embeddings.f16', 'images.txt'].map((name) => join(out, name)) as [string, string];
  const [embeddings, images] = files.map((file) => createWriteStream(`${file}.new`)) as [
    ReturnType<typeof createWriteStream>,
    ReturnType<typeof createWriteStream>,
  ];
  for (const source of sources) {
    let total = 0;
    for await (const _ of readSource(source)) total++;
    const bar = new SingleBar({
      format: `${source.name} {bar} {value}/{total} pictures, {eta_formatted} left`,
      noTTYOutput: true,
      notTTYSchedule: 20_000,
    });
    bar.start(total, 0);
    for await (const { path, bytes } of readSource(source)) {
      const picture = await decodeImage(bytes).catch(() => undefined);
      const [capture] = picture ? await teacher.capture([picture]) : [null];
      const values = capture ? encodeFloat16(capture.embedding) : NO_FACE;
      embeddings.write(Buffer.from(values.buffer.slice(0)));
      images.write(`${source.name}/${path}\n`);
      bar.increment();
    }
    bar.stop();
  }
  teacher.dispose();
  for (const stream of [embeddings, images]) {
    stream.end();
    await finished(stream);
  }
  // Both files appear together or not at all.
  for (const file of files) renameSync(`${file}.new`, file);
}
