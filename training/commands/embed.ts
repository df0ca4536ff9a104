import { createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { EmbeddingRole } from '@rounz/core/model/embedder.ts';
import { type Command, Option } from 'commander';
import { visible } from '../data/names.ts';
import type { SetFile } from '../data/set-file.ts';
import { linesOf, readListText } from '../data/text-list.ts';
import { captureFiles } from '../evaluation/collect.ts';
import { loadModelRecogniser } from '../evaluation/model-recogniser.ts';

interface EmbedOptions {
  model: string;
  list: string;
  out: string;
  role: EmbeddingRole;
}

/** `embed`: the embedding of each picture of a list, through the whole pipeline. */
export function registerEmbed(program: Command): void {
  program
    .command('embed')
    .description('embed each picture of a list: detect, align, embed, the same code as the kiosk')
    .requiredOption('--model <dir>', 'exported model folder')
    .requiredOption('--list <file>', 'paths of pictures, one a line; relative to here or to the list')
    .requiredOption(
      '--out <file>',
      'lines of path<TAB>v1,v2,...; nothing after the tab where no face was found',
    )
    .addOption(
      new Option(
        '--role <role>',
        'what the embeddings are for: a model may embed templates with their mirror images',
      )
        .choices(['template', 'probe'])
        .default('template'),
    )
    .action(embed);
}

/** Seven significant digits: what a float32 holds. */
export const formatRow = (path: string, embedding: Float32Array | null): string =>
  `${path}\t${embedding ? Array.from(embedding, (value) => Number(value.toPrecision(7))).join(',') : ''}\n`;

async function embed({ model, list, out, role }: EmbedOptions): Promise<void> {
  const paths = readList(list);
  const recogniser = await loadModelRecogniser(model);
  const stream = createWriteStream(out);
  let missed = 0;
  try {
    await captureFiles(
      recogniser,
      readPictures(paths),
      paths.length,
      (path, capture) => {
        missed += Number(capture === null);
        stream.write(formatRow(path, capture?.embedding ?? null));
      },
      () => role,
    );
  } finally {
    recogniser.dispose();
    stream.end();
    await finished(stream);
  }
  process.stdout.write(
    `Embedded ${paths.length - missed} of ${paths.length} pictures; no face in ${missed}.\n`,
  );
}

interface ListedPicture {
  /** as the list has it */
  readonly path: string;
  readonly file: string;
}

/** @throws Error that names the first picture that is not there, before any work is done */
function readList(list: string): ListedPicture[] {
  return linesOf(readListText(list)).map(({ number, text }) => {
    const path = text.trim();
    // A list that was written on another system may spell accents and Korean otherwise than the disk does.
    const spellings = [path, path.normalize('NFC'), path.normalize('NFD')];
    const places = spellings.flatMap((one) => [resolve(one), resolve(dirname(list), one)]);
    const file = places.find((place) => existsSync(place));
    if (!file)
      throw new Error(`${list}, line ${number}: ${visible(path)} is neither here nor beside the list.`);
    return { path, file };
  });
}

async function* readPictures(pictures: readonly ListedPicture[]): AsyncGenerator<SetFile> {
  for (const { path, file } of pictures) yield { path, bytes: await readFile(file) };
}
