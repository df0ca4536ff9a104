import { type Command, Option } from 'commander';
import { noteLines } from '../cache/align-report.ts';
import { alignSources } from '../cache/align-sources.ts';
import { FIND, LANDMARK_POLICIES, type LandmarkPolicy } from '../cache/find-face.ts';
import { charsetName } from '../data/charsets.ts';
import { KFACE_RESOLUTIONS, type KfaceResolution } from '../data/kface-condition.ts';
import { findSources, type LayoutOptions, sourcesFromSpec } from '../data/layout.ts';
import { SetNotes } from '../data/set-notes.ts';
import type { FaceSource } from '../data/sources.ts';
import { wholeNumber } from '../util/options.ts';

interface AlignCommandOptions {
  data?: string;
  out: string;
  sets?: string[];
  set: string[];
  resolution?: KfaceResolution;
  charset?: string;
  landmarks: LandmarkPolicy;
  detectCrops?: boolean;
  jobs: number;
  force?: boolean;
}

const RESOLUTIONS = Object.keys(KFACE_RESOLUTIONS) as KfaceResolution[];

/** `align`: detects and aligns every picture of some sets once and for all. */
export function registerAlign(program: Command): void {
  program
    .command('align')
    .description('find, align and cache the main face of every picture, with the kiosk’s own detector')
    .option(
      '--data <dir>',
      'folder of archives (<set>-NN.tar, .tgz), folders of people, K-FACE trees, tasks of the challenge; or one of the latter',
    )
    .option('--sets <names...>', 'sets of that folder, in this order (default: all)')
    .option('--set <name=path...>', 'a further set from one archive or one folder of people', [])
    .addOption(
      new Option('--resolution <name>', 'of K-FACE (default: the highest that is there)').choices(
        RESOLUTIONS,
      ),
    )
    .option('--charset <name>', 'encoding of names that are not UTF-8, e.g. cp949 or shift_jis', charsetName)
    .addOption(
      new Option(
        '--landmarks <policy>',
        'K-FACE’s annotations: auto (they align profiles and check the detector), only (no detector), never',
      )
        .choices(LANDMARK_POLICIES)
        .default(FIND.landmarks),
    )
    .option('--detect-crops', 'look for the face in the challenge’s crops too, which are aligned already')
    .requiredOption('--out <dir>', 'where the cache goes')
    .option('--jobs <n>', 'processes', wholeNumber({ from: 1, to: 256 }), 2)
    .option('--force', 'align sets again that are there already, or were begun')
    .action(runAlign);
}

async function runAlign(options: AlignCommandOptions): Promise<void> {
  const { jobs, landmarks } = options;
  const find = { landmarks, detectCrops: options.detectCrops ?? false };
  const force = options.force ?? false;
  await alignSources({ sources: await chooseSources(options), outFolder: options.out, jobs, force, find });
}

async function chooseSources(options: AlignCommandOptions): Promise<FaceSource[]> {
  const { data, sets, set, resolution, charset } = options;
  const notes = new SetNotes();
  const layout: LayoutOptions = { resolution, charset, notes };
  const found = data === undefined ? [] : await findSources(data, layout);
  const chosen = sets
    ? sets.map((name) => {
        const source = found.find((one) => one.name === name);
        if (!source)
          throw new Error(
            `There is no set ${name} in ${data}; it holds ${found.map((one) => one.name).join(', ')}.`,
          );
        return source;
      })
    : found;
  const all = [...chosen];
  for (const spec of set) all.push(...(await sourcesFromSpec(spec, layout)));
  for (const line of noteLines(notes)) process.stdout.write(`${line}\n`);
  if (all.length > 0) return all;
  if (data === undefined) throw new Error('Nothing to align: give --data DIR or --set NAME=PATH.');
  throw new Error(
    `${data} holds no pictures that are read, and no archives of them; docs/data.md says which are.`,
  );
}
