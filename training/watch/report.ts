import { writeFileSync } from 'node:fs';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { nameOf } from '../evaluation/model-recogniser.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { challengeSection } from './challenge-section.ts';
import { lineChart } from './chart.ts';
import { readEvaluationFile } from './evaluation-files.ts';
import { evaluationSection, type Thumbnails } from './evaluation-sections.ts';
import { COLOUR_COUNT, columns, folded, page, section, tiles } from './page.ts';
import { readRun } from './run-log.ts';
import { runSection } from './run-sections.ts';
import { isRendered, readThumbnails, type ThumbnailMode } from './thumbnails.ts';

export interface ReportOptions {
  /** folder of a run */
  readonly run?: string;
  /** folder of an exported model */
  readonly model?: string;
  /** files of `evaluate --json` */
  readonly evaluations: readonly string[];
  /** where the page goes */
  readonly out: string;
  /** absent: `shown` for data that is marked as rendered, else `none` */
  readonly thumbnails?: ThumbnailMode;
}

/**
 * Writes one HTML page about a run, a model and their evaluations that needs no other file and no network.
 *
 * @throws Error where there is nothing to report on, or a file is none of `evaluate`
 */
export async function writeReport(options: ReportOptions): Promise<void> {
  const { run, model, evaluations, out, thumbnails } = options;
  if (run === undefined && model === undefined && evaluations.length === 0)
    throw new Error(
      'Say what to report on: --run DIR, --model DIR, --evaluation FILE..., or several of them.',
    );
  const parts: string[] = [];
  const log = run === undefined ? undefined : readRun(run);
  const manifest = model === undefined ? undefined : readModelFolder(model).manifest;
  if (manifest) parts.push(modelSection(manifest));
  if (log) parts.push(runSection(log));
  for (const file of evaluations) {
    const { measured, challenge } = readEvaluationFile(file);
    for (const one of challenge) parts.push(challengeSection(one));
    for (const one of measured) parts.push(evaluationSection(one, await thumbnailsOf(one, thumbnails)));
  }
  const title = manifest ? nameOf(manifest) : (log?.name ?? 'Evaluation');
  const lead = `Report of ${new Date().toISOString().slice(0, 10)}. The page holds everything that it shows.`;
  writeFileSync(out, page(title, lead, parts.join('\n')));
}

async function thumbnailsOf({ source, mistakes }: Evaluation, asked?: ThumbnailMode): Promise<Thumbnails> {
  const rendered = isRendered(source);
  const mode = asked ?? (rendered ? 'shown' : 'none');
  if (mode === 'none') return { names: rendered, of: new Map() };
  return { names: true, of: await readThumbnails(source, mistakes, mode) };
}

/** Galleries over which the thresholds are drawn, people. */
const GALLERIES = { from: 1, to: 100_000 } as const;

function modelSection(manifest: Manifest): string {
  const { architecture, input, shards, tensors, training, calibration, metrics } = manifest;
  const megabytes = shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const values = tensors.reduce((sum, { shape }) => sum + shape.reduce((n, side) => n * side, 1), 0);
  const glance = tiles([
    ['megabytes', megabytes.toFixed(1)],
    ['million weights', (values / 1e6).toFixed(1)],
    ['numbers in an embedding', String(architecture.embeddingSize)],
    ['input side, pixels', String(input.networkSize ?? input.size)],
    ['images seen in training', training.imagesSeen.toLocaleString('en')],
  ]);
  const targets = [...new Set(calibration.map(({ targetFpir }) => targetFpir))].slice(0, COLOUR_COUNT);
  const lowest = Math.min(0.9, ...calibration.map(({ threshold }) => threshold)) - 0.02;
  const thresholds = lineChart({
    title: 'Threshold by enrolled people',
    description: 'Score that a shopper needs, over the number of people enrolled, for each target FPIR.',
    x: { kind: 'log', ...GALLERIES, counts: true, label: 'people enrolled' },
    y: { kind: 'linear', from: lowest, to: 1, label: 'score' },
    series: targets.map((target, colour) => ({
      name: `FPIR ${Number((target * 100).toPrecision(2))} %`,
      colour,
      points: calibration
        .filter(({ targetFpir }) => targetFpir === target)
        .map(({ gallerySize, threshold }) => ({ x: gallerySize, y: threshold })),
    })),
  });
  const charts = calibration.length > 0 ? columns([thresholds]) : '';
  const written =
    Object.keys(metrics).length > 0
      ? folded('Figures in the manifest', JSON.stringify(metrics, null, 2))
      : '';
  const recipe = folded('Recipe', JSON.stringify(training.recipe, null, 2));
  const lead = `Exported ${training.date}; trained on ${training.data.join(', ')} by ${training.backend}.`;
  return section('Model', lead, glance + charts + written + recipe);
}
