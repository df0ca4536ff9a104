import { type Command, Option } from 'commander';
import { alignSources } from '../cache/align-sources.ts';
import { FIND, LANDMARK_POLICIES, type LandmarkPolicy } from '../cache/find-face.ts';
import { KFACE_RESOLUTIONS, type KfaceResolution } from '../data/kface-condition.ts';
import { type FaceSource, findSources, sourcesFromSpec } from '../data/sources.ts';
import { wholeNumber } from '../util/options.ts';

interface AlignCommandOptions {
  data?: string;
  out: string;
  sets?: string[];
  set: string[];
  resolution?: KfaceResolution;
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
      'folder of <set>-NN.tar archives, folders of identities, K-FACE trees, tasks of the challenge; or one of the latter',
    )
    .option('--sets <names...>', 'sets of that folder, in this order (default: all)')
    .option('--set <name=path...>', 'a further set from one archive or one folder', [])
    .addOption(
      new Option('--resolution <name>', 'of K-FACE (default: the highest that is there)').choices(
        RESOLUTIONS,
      ),
    )
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
    .option('--force', 'align sets again that are there already')
    .action(runAlign);
}

async function runAlign(options: AlignCommandOptions): Promise<void> {
  const { jobs, landmarks } = options;
  const find = { landmarks, detectCrops: options.detectCrops ?? false };
  const force = options.force ?? false;
  await alignSources({ sources: chooseSources(options), outFolder: options.out, jobs, force, find });
}

function chooseSources({ data, sets, set, resolution }: AlignCommandOptions): FaceSource[] {
  const found = data ? findSources(data, resolution) : [];
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
  const all = [...chosen, ...set.flatMap((spec) => sourcesFromSpec(spec, resolution))];
  if (all.length === 0) throw new Error('Nothing to align: give --data DIR or --set NAME=PATH.');
  return all;
}
