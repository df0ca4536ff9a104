import { writeFileSync } from 'node:fs';
import type { WeightType } from '@rounz/core/model/weight-file.ts';
import { type Command, Option } from 'commander';
import type { ChallengeTask } from '../data/challenge-files.ts';
import { identityOf } from '../data/identity.ts';
import { conditionOf } from '../data/kface-condition.ts';
import { readSource } from '../data/sources.ts';
import { formatChallenge } from '../evaluation/challenge-evaluation.ts';
import {
  type ChallengeEntry,
  challengeFolder,
  measureChallenge,
  taskOption,
} from '../evaluation/challenge-job.ts';
import { type Captures, collectCaptures, drawnEmbeddingsOf, embeddingsOf } from '../evaluation/collect.ts';
import type { Evaluation, EvaluationFile } from '../evaluation/evaluation.ts';
import { FIGURES, type FigureConfig } from '../evaluation/figures.ts';
import { type ImpostorSet, poolImpostors } from '../evaluation/impostor-pool.ts';
import { count, type Job, readJob, sourceOf } from '../evaluation/job.ts';
import { loadModelSystem, plainSystem, type System, type View } from '../evaluation/model-recogniser.ts';
import {
  formatLosses,
  numberFormatSystem,
  unroundedModel,
  unroundedRun,
} from '../evaluation/number-formats.ts';
import { operatingPoints } from '../evaluation/operating-points.ts';
import { parseOutfits } from '../evaluation/outfits.ts';
import { loadPeer, PEERS, type PeerName } from '../evaluation/peers.ts';
import type { Measured } from '../evaluation/protocols.ts';
import type { Capture, Recogniser } from '../evaluation/recogniser.ts';
import { formatEvaluation } from '../evaluation/report.ts';
import { parseWeightType, WEIGHT_TYPES } from '../model/export.ts';
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
  const config = { ...FIGURES, resamples: options.resamples };
  if (options.task !== undefined) return evaluateTask(options.task, options, config);
  const job = await readJob(options);
  if (options.draw !== undefined && options.folder === undefined)
    throw new Error('--draw goes with --folder: the pictures of a probe list wear real accessories.');
  const system = await loadSystem(options);
  try {
    const captures = await collectCaptures(system.recogniser, job.files(), await job.count());
    const distractors = options.distractors
      ? await collectSet(system.recogniser, options.distractors)
      : undefined;
    const further: CollectedSet[] = distractors ? [distractors] : [];
    for (const path of options.fmrSets ?? []) further.push(await collectSet(system.recogniser, path));
    const measuredOf = (view: View) =>
      measured(system, view, captures, distractors?.captures, options, config);
    const evaluations = system.views.map((view) =>
      evaluationOf(view, job, captures, measuredOf(view), further),
    );
    for (const evaluation of evaluations) process.stdout.write(`${formatEvaluation(evaluation)}\n`);
    if (options.dtypes)
      process.stdout.write(
        formatLosses(captures, system.views, (view) => job.trials(measuredOf(view).compared), config),
      );
    if (options.json) writeEvaluation(options.json, evaluations);
  } finally {
    system.recogniser.dispose();
  }
}

async function evaluateTask(
  task: ChallengeTask,
  { data, model, baseline, detect = false, json }: EvaluateOptions,
  { resamples }: FigureConfig,
): Promise<void> {
  if (!model || !data) throw new Error('--task goes with --data DIR and --model DIR...');
  const folder = challengeFolder(data, task);
  const options = { cropped: !detect };
  const systems: ChallengeEntry[] = [{ role: 'member', system: await loadModelSystem(model, options) }];
  if (baseline) systems.push({ role: 'baseline', system: await loadModelSystem([baseline], options) });
  try {
    const evaluation = await measureChallenge(systems, folder, task, resamples);
    process.stdout.write(formatChallenge(evaluation));
    if (json) writeFileSync(json, `${JSON.stringify(evaluation, null, 2)}\n`);
  } finally {
    for (const { system } of systems) system.recogniser.dispose();
  }
}

async function loadSystem({ model, run, peer, dtypes, draw }: EvaluateOptions): Promise<System> {
  if ([model, run, peer].filter((one) => one !== undefined).length !== 1)
    throw new Error('Say what to measure: one of --model DIR..., --run DIR with --dtypes, --peer NAME.');
  const outfits = draw === undefined ? [] : parseOutfits(draw);
  if (dtypes !== undefined) return loadFormats(parseTypes(dtypes), model, run);
  if (run !== undefined) throw new Error('--run goes with --dtypes; to measure a finished run, export it.');
  if (model !== undefined) return loadModelSystem(model, { outfits });
  if (outfits.length > 0) throw new Error('Peers take whole pictures; nothing is drawn for them.');
  return plainSystem(await loadPeer(peer!));
}

async function loadFormats(types: WeightType[], model?: string[], run?: string): Promise<System> {
  if (run !== undefined) return numberFormatSystem(unroundedRun(run), types);
  const [folder, ...more] = model ?? [];
  if (!folder || more.length > 0)
    throw new Error('--dtypes measures one model, from --model DIR or --run DIR.');
  return numberFormatSystem(unroundedModel(folder), types);
}

const parseTypes = (list: string): WeightType[] => [
  ...new Set(list.split(',').map((name) => parseWeightType(name.trim()))),
];

/** A set that is measured beside the job's own. */
interface CollectedSet {
  readonly name: string;
  readonly captures: Captures;
}

async function collectSet(recogniser: Recogniser, path: string): Promise<CollectedSet> {
  const source = await sourceOf(path);
  const captures = await collectCaptures(recogniser, readSource(source), await count(readSource(source)));
  return { name: source.name, captures };
}

const impostorSetOf = ({ name, captures }: CollectedSet, { pick }: View): ImpostorSet => ({
  name,
  embeddings: embeddingsOf(captures, pick),
  personOf: (picture) => identityOf(name, picture) ?? picture,
});

function measured(
  { recogniser: { similarity } }: System,
  { pick }: View,
  captures: Captures,
  distractors: Captures | undefined,
  { draw, gallerySize = [] }: EvaluateOptions,
  config: FigureConfig,
): Measured {
  const outfits = draw === undefined ? [] : parseOutfits(draw);
  return {
    compared: {
      embeddings: embeddingsOf(captures, pick),
      ...(distractors ? { distractors: embeddingsOf(distractors, pick) } : {}),
      galleryRank,
      similarity,
    },
    yaw: new Map([...captures].map(([path, capture]) => [path, yawOf(path, capture)])),
    accessory: new Map(
      [...captures.keys()].flatMap((path) => {
        const condition = conditionOf(path);
        return condition ? [[path, condition.accessory]] : [];
      }),
    ),
    drawn: new Map(outfits.map((outfit) => [outfit, drawnEmbeddingsOf(captures, outfit, pick)])),
    gallerySizes: gallerySize,
    config,
  };
}

/** Of a K-FACE person the bare picture nearest to frontal is enrolled; elsewhere the first picture. */
function galleryRank(path: string): number {
  const condition = conditionOf(path);
  if (!condition) return 0;
  const covered = condition.accessory === 'bare' ? 0 : 180;
  return covered + (condition.yaw === null ? 90 : Math.abs(condition.yaw));
}

/** Where the set's cameras say the turn of the head, theirs: a mesh reads it off a face that may be half hidden. */
function yawOf(path: string, capture: Capture | null): number | null {
  const camera = conditionOf(path)?.yaw;
  if (camera !== undefined && camera !== null) return (camera * Math.PI) / 180;
  return capture?.yaw ?? null;
}

function evaluationOf(
  view: View,
  job: Job,
  captures: Captures,
  measured: Measured,
  further: readonly CollectedSet[],
): Evaluation {
  const { name, calibrated = { calibration: [] } } = view;
  const { trials, ...findings } = job.findings(measured);
  const { resamples } = measured.config;
  const impostors = further.map((set) => impostorSetOf(set, view));
  return {
    format: 1,
    recogniser: name,
    set: job.set,
    source: job.source,
    protocol: job.protocol,
    date: new Date().toISOString().slice(0, 10),
    pictures: captures.size,
    failedToAcquire: [...captures.values()].filter((capture) => capture === null).length,
    thresholds: operatingPoints(trials.searches, trials, calibrated),
    ...findings,
    ...(impostors.length > 0
      ? { pooled: poolImpostors(job.set, trials, impostors, measured.compared.similarity, resamples) }
      : {}),
  };
}

function writeEvaluation(file: string, [first, ...others]: Evaluation[]): void {
  const content: EvaluationFile = { ...first!, others };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
