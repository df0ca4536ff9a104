import type { Outfit } from '../augment/config.ts';
import { identityOf } from '../data/identity.ts';
import { conditionOf } from '../data/kface-condition.ts';
import { readSource } from '../data/sources.ts';
import { type Captures, collectCaptures, drawnEmbeddingsOf, embeddingsOf } from './collect.ts';
import type { Evaluation } from './evaluation.ts';
import type { FigureConfig } from './figures.ts';
import { type ImpostorSet, poolImpostors } from './impostor-pool.ts';
import { count, type Job, sourceOf } from './job.ts';
import type { System, View } from './model-recogniser.ts';
import { formatLosses } from './number-formats.ts';
import { operatingPoints } from './operating-points.ts';
import type { Measured } from './protocols.ts';
import type { Recogniser } from './recogniser.ts';

/** What is measured beside the job's own pictures, and how finely. */
export interface MeasureOptions {
  /** accessories drawn on one of each two pictures */
  readonly outfits: readonly Outfit[];
  /** galleries to report beside the whole one, people */
  readonly gallerySizes: readonly number[];
  /** folder or archive of further people, one picture of each, who are enrolled too */
  readonly distractors?: string | undefined;
  /** folders or archives whose impostor pairs set the thresholds too */
  readonly fmrSets: readonly string[];
  readonly config: FigureConfig;
}

/** A job's result for a system. */
export interface MeasuredJob {
  /** one for each view of the system */
  readonly evaluations: readonly Evaluation[];
  /** what each number format costs, as text; the first view is the reference */
  formatLosses(): string;
}

/** Puts a job's pictures through a system and counts every figure of its views. */
export async function measureJob(job: Job, system: System, options: MeasureOptions): Promise<MeasuredJob> {
  const { recogniser, views } = system;
  const captures = await collectCaptures(recogniser, job.files(), await job.count(), job.roleOf);
  const distractors =
    options.distractors === undefined ? undefined : await collectSet(recogniser, options.distractors);
  const further: CollectedSet[] = distractors ? [distractors] : [];
  for (const path of options.fmrSets) further.push(await collectSet(recogniser, path));
  const measuredOf = (view: View) => measured(system, view, captures, distractors?.captures, options);
  return {
    evaluations: views.map((view) => evaluationOf(view, job, captures, measuredOf(view), further)),
    formatLosses: () =>
      formatLosses(captures, views, (view) => job.trials(measuredOf(view).compared), options.config),
  };
}

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
  { outfits, gallerySizes, config }: MeasureOptions,
): Measured {
  return {
    compared: {
      embeddings: embeddingsOf(captures, pick),
      ...(distractors ? { distractors: embeddingsOf(distractors, pick) } : {}),
      galleryRank,
      similarity,
    },
    yaw: new Map([...captures].map(([path, capture]) => [path, yawOf(path, capture?.yaw ?? null)])),
    accessory: new Map(
      [...captures.keys()].flatMap((path) => {
        const condition = conditionOf(path);
        return condition ? [[path, condition.accessory]] : [];
      }),
    ),
    drawn: new Map(outfits.map((outfit) => [outfit, drawnEmbeddingsOf(captures, outfit, pick)])),
    gallerySizes,
    config,
  };
}

/** Of a K-FACE person the bare picture nearest to frontal is enrolled; elsewhere the first picture. */
export function galleryRank(path: string): number {
  const condition = conditionOf(path);
  if (!condition) return 0;
  const covered = condition.accessory === 'bare' ? 0 : 180;
  return covered + (condition.yaw === null ? 90 : Math.abs(condition.yaw));
}

/**
 * The yaw that the set's cameras give, where they do: a mesh reads it off a face that may be half hidden.
 *
 * @param seen the mesh's, radians
 * @returns radians; null where neither is known
 */
export function yawOf(path: string, seen: number | null): number | null {
  const camera = conditionOf(path)?.yaw;
  return camera === undefined || camera === null ? seen : (camera * Math.PI) / 180;
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
