import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { BACKENDS, type BackendName } from '../backend/ladder.ts';
import type { ChallengeTask } from '../data/challenge-files.ts';
import { formatChallenge } from '../evaluation/challenge-evaluation.ts';
import {
  type ChallengeEntry,
  challengeFolder,
  measureChallenge,
  taskOption,
} from '../evaluation/challenge-job.ts';
import type { EvaluationFile } from '../evaluation/evaluation.ts';
import { FIGURES } from '../evaluation/figures.ts';
import { readJob } from '../evaluation/job.ts';
import { measureJob } from '../evaluation/measure-job.ts';
import { loadModelSystem } from '../evaluation/model-recogniser.ts';
import { openSystem } from '../evaluation/open-system.ts';
import { parseOutfits } from '../evaluation/outfits.ts';
import { PEERS, type PeerName } from '../evaluation/peers.ts';
import { formatEvaluation } from '../evaluation/report.ts';
import { parseWeightTypes, WEIGHT_TYPES } from '../model/export.ts';
import { wholeNumber, wholeNumbers } from '../util/options.ts';

interface EvaluateOptions {
  model?: string[];
  run?: string;
  peer?: PeerName;
  dtypes?: string;
  probes?: string;
  images?: string;
  folder?: string;
  part?: string;
  perPerson?: number;
  draw?: string;
  distractors?: string;
  fmrSets?: string[];
  gallerySize?: number[];
  json?: string;
  resamples: number;
  task?: ChallengeTask;
  data?: string;
  baseline?: string;
  detect?: boolean;
  backend?: BackendName;
}

/** `evaluate`: the figures of ISO/IEC 19795 for a model or a peer, through the whole pipeline. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('error rates through the whole pipeline: detect, align, embed, compare')
    .option('--model <dirs...>', 'exported model folder; several are an ensemble, the mean of their scores')
    .option('--run <dir>', 'with --dtypes: a run’s checkpoint, before any rounding')
    .addOption(new Option('--peer <name>', 'measure a peer instead of a model').choices(PEERS))
    .option('--dtypes <list>', `measure the model rounded to each of ${WEIGHT_TYPES.join(',')}`)
    .option(
      '--probes <file.tsv>',
      'identity, accessory, probe, gallery: probes against bare gallery pictures',
    )
    .option('--images <dir|tar>', 'the pictures that the probe list names')
    .option('--folder <dir|tar>', 'instead of a probe list: all pairs of a set with a folder for each person')
    .option('--part <name>', 'with --folder: part of a set that is split by person', 'test')
    .option(
      '--per-person <n>',
      'with --folder: pictures taken of each person, evenly over them',
      wholeNumber({ from: 1 }),
    )
    .option('--draw <outfits>', 'with --folder: accessories drawn on one of each two, e.g. mask,cap+glasses')
    .option('--distractors <dir|tar>', 'pictures of further people, one of each, who are enrolled too')
    .option(
      '--fmr-sets <dirs|tars...>',
      'further sets whose impostor pairs set the thresholds too: a folder for each person, or one picture of each',
    )
    .option(
      '--gallery-size <n...>',
      'also search smaller galleries, drawn from the whole one',
      wholeNumbers({ from: 1 }),
    )
    .addOption(taskOption())
    .option('--data <dir>', 'with --task: the challenge’s files, validate/ and test/')
    .option(
      '--baseline <dir>',
      'with --task: a model to hold the others against, as trained with the contrastive loss',
    )
    .option('--detect', 'with --task: look for the face first; the challenge’s crops are aligned already')
    .addOption(
      new Option(
        '--backend <name>',
        'with --model: compute elsewhere than on WASM, as a large model wants',
      ).choices(BACKENDS),
    )
    .option('--json <file>', 'write the figures there, for `report` and `compare`')
    .option(
      '--resamples <n>',
      'draws of the bootstrap; 0 for no intervals',
      wholeNumber({ from: 0 }),
      FIGURES.resamples,
    )
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  if (options.task !== undefined) return evaluateTask(options.task, options);
  if (options.draw !== undefined && options.folder === undefined)
    throw new Error('--draw goes with --folder: the pictures of a probe list wear real accessories.');
  const outfits = options.draw === undefined ? [] : parseOutfits(options.draw);
  const types = options.dtypes === undefined ? undefined : parseWeightTypes(options.dtypes);
  const job = await readJob(options);
  const system = await openSystem({ ...options, types, outfits });
  try {
    const { evaluations, formatLosses } = await measureJob(job, system, {
      outfits,
      gallerySizes: options.gallerySize ?? [],
      distractors: options.distractors,
      fmrSets: options.fmrSets ?? [],
      config: { ...FIGURES, resamples: options.resamples },
    });
    for (const evaluation of evaluations) process.stdout.write(`${formatEvaluation(evaluation)}\n`);
    if (types) process.stdout.write(formatLosses());
    const [first, ...others] = evaluations;
    if (options.json) writeJson(options.json, { ...first!, others: [...others] } satisfies EvaluationFile);
  } finally {
    system.recogniser.dispose();
  }
}

const writeJson = (file: string, content: unknown): void =>
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

async function evaluateTask(
  task: ChallengeTask,
  { data, model, baseline, detect = false, json, resamples, backend }: EvaluateOptions,
): Promise<void> {
  if (!model || !data) throw new Error('--task goes with --data DIR and --model DIR...');
  const folder = challengeFolder(data, task);
  const options = { cropped: !detect, backend };
  const systems: ChallengeEntry[] = [{ role: 'member', system: await loadModelSystem(model, options) }];
  if (baseline) systems.push({ role: 'baseline', system: await loadModelSystem([baseline], options) });
  try {
    const evaluation = await measureChallenge(systems, folder, task, resamples);
    process.stdout.write(formatChallenge(evaluation));
    if (json) writeJson(json, evaluation);
  } finally {
    for (const { system } of systems) system.recogniser.dispose();
  }
}
