import { errorMessage } from '@rounz/core/error-message.ts';
import { median } from '@rounz/core/math/median.ts';
import { type Clock, sleep } from '@rounz/core/time/clock.ts';
import type {
  KeptRecogniser,
  MeasuredModel,
  ModelChoice,
  ModelRecord,
} from '../../gallery/contract/recogniser.ts';
import type { VisionEngine, VisionOptions, VisionProgress } from '../../vision/protocol.ts';
import type { ModelChoiceConfig } from './config.ts';

import { visionErrorCode } from './supervisor.ts';

/** A recogniser that lies beside the kiosk. */
export interface ListedModel {
  /** the model's own name, the same for all its versions */
  readonly name: string;
  readonly options: VisionOptions;
  /** too large for a processor: passed over where the browser has no graphics device, unless staff or the address ask for it */
  readonly wants?: 'webgpu' | undefined;
}

/** The recognisers that this installation has. Every method may reject. */
export interface ModelShelf {
  /** the preferred first; never empty */
  list(): Promise<readonly ListedModel[]>;
  /** Whether WebGPU has a graphics device here, and no software in its place. */
  hasGpu(): Promise<boolean>;
  /** sha256 of a model's weights, hex */
  hashOf(model: ListedModel): Promise<string>;
  /** A frame with a face near enough to be recognised; the caller closes it. */
  frame(): Promise<ImageBitmap>;
  /** the name that the address asks for, for this run alone */
  readonly asked?: string | undefined;
}

/** The model of this run, and what the gallery has kept. */
export interface ModelInUse {
  readonly name: string;
  /** `this-run`: the choice could not be made or not be kept, so the next start chooses again */
  readonly because: 'kept' | 'address' | 'this-run';
  readonly kept: ModelChoice | null;
}

/** How many of a model's decisions are timed. */
export interface MeasureProgress {
  readonly stage: 'measure';
  readonly done: number;
  readonly total: number;
}

/** What a choice needs of the kiosk. */
export interface ModelSetUp {
  readonly config: ModelChoiceConfig;
  readonly clock: Clock;
  readonly createEngine: () => VisionEngine;
  /** what the gallery has kept, known before it is open; never settles where it does not tell */
  readonly kept: Promise<KeptRecogniser>;
  /** waits until the gallery is open */
  readonly record: () => Promise<ModelRecord>;
  /** frames that a decision takes, and the least time between the starts of two of them, milliseconds */
  readonly frames: number;
  readonly interval: number;
  readonly onProgress: (progress: VisionProgress | MeasureProgress) => void;
  readonly onChosen: (inUse: ModelInUse) => void;
  readonly onProblem: (message: string) => void;
}

type Chosen = Pick<ModelChoice, 'name' | 'reason' | 'measured' | 'passedOver'>;

/** The installation lacks a model that it must have. The code is that of a `VisionError`. */
class ModelMissing extends Error {
  override readonly name = 'ModelMissing';
  readonly code = 'model-missing';
}

/**
 * Most frames from a face's appearance to a name: the one in which it is noticed, and those that are embedded until a verdict
 * is stable of which no frame is certain or clear (`minSamples` before the first one, one for each further one of the streak).
 */
export const framesToName = ({
  minSamples,
  acceptStreak,
}: {
  readonly minSamples: number;
  readonly acceptStreak: number;
}): number => 1 + minSamples + (acceptStreak - 1);

function named(models: readonly ListedModel[], name: string, why: string): ListedModel {
  const found = models.find((model) => model.name === name);
  if (found) return found;
  const names = models.map((model) => model.name).join(', ');
  throw new ModelMissing(
    `${why} ${name}, and this installation has ${names} alone. No other model is taken in its place: install ${name}, or ` +
      'take another name.',
  );
}

/** Milliseconds of one decision, as the kiosk makes it: a frame after the other through the whole engine. */
async function decisionTime(
  engine: VisionEngine,
  shelf: ModelShelf,
  { clock, frames, interval }: ModelSetUp,
): Promise<number> {
  const from = clock.now();
  for (let index = 0; index < frames; index++) {
    const began = clock.now();
    // The frame in which somebody is noticed is not embedded.
    const embed = index > 0;
    const report = await engine.analyse(await shelf.frame(), { embed });
    if (embed && !report.faces[0]?.embedding)
      throw new Error('The frame that is measured with shows no face that can be recognised.');
    const left = interval - (clock.now() - began);
    if (left > 0 && index < frames - 1) await sleep(clock, left, new AbortController().signal);
  }
  return clock.now() - from;
}

/** Runs a model and times its decisions; the first one warms up and does not count. */
async function measure(model: ListedModel, shelf: ModelShelf, setUp: ModelSetUp): Promise<MeasuredModel> {
  const engine = setUp.createEngine();
  try {
    const { backend } = await engine.start(model.options, setUp.onProgress);
    const times: number[] = [];
    const { repeats } = setUp.config;
    for (let run = 0; run <= repeats; run++) {
      setUp.onProgress({ stage: 'measure', done: run, total: repeats + 1 });
      times.push(await decisionTime(engine, shelf, setUp));
    }
    return { name: model.name, milliseconds: Math.round(median(times.slice(1))), backend };
  } finally {
    await engine.dispose().catch(() => {});
  }
}

/** Measures in order of preference until a model is quick enough; where none is, the quickest is taken however long it takes. */
async function byMeasurement(
  models: readonly ListedModel[],
  shelf: ModelShelf,
  setUp: ModelSetUp,
): Promise<Chosen> {
  const measured: MeasuredModel[] = [];
  for (const model of models) {
    const one = await measure(model, shelf, setUp);
    measured.push(one);
    if (one.milliseconds <= setUp.config.limit) break;
  }
  const { limit } = setUp.config;
  const quickest = Math.min(...measured.map(({ milliseconds }) => milliseconds));
  const taken = measured.find(({ milliseconds }) => milliseconds <= Math.max(limit, quickest))!;
  return { name: taken.name, reason: 'measured', measured };
}

/** The model of an older gallery's templates; if no listed model made them, the first that this machine can be expected to run. */
async function ofTemplates(
  models: readonly ListedModel[],
  fit: readonly ListedModel[],
  shelf: ModelShelf,
  templates: ReadonlyMap<string, number>,
): Promise<Chosen> {
  let best = { name: fit[0]!.name, count: 0 };
  for (const model of models) {
    const count = templates.get(await shelf.hashOf(model)) ?? 0;
    if (count > best.count) best = { name: model.name, count };
  }
  return { name: best.name, reason: 'gallery', measured: [] };
}

/**
 * The recogniser that this kiosk runs: the one that its gallery was set up with. Where none was kept yet, it is chosen now and
 * kept: by the templates of a gallery that has some, else by measurement. A name in the address holds for this run alone.
 *
 * @throws Error with code `model-missing` where the asked or kept model is not there; whatever the models' start throws
 */
export async function chooseModel(shelf: ModelShelf, setUp: ModelSetUp): Promise<VisionOptions> {
  const opened = setUp.record();
  const told = opened.then((record) => ({ choice: record.choice(), race: record.race() }));
  // The engine of a large gallery starts while people are still read.
  const [listed, { choice: kept, race: raced }] = await Promise.all([
    shelf.list(),
    Promise.race([setUp.kept, told]),
  ]);
  const models = listed.map((model) => ({ ...model, options: { ...model.options, raced } }));
  if (shelf.asked !== undefined) {
    const model = named(models, shelf.asked, 'The address asks for');
    setUp.onChosen({ name: model.name, because: 'address', kept });
    return model.options;
  }
  if (kept) {
    const model = named(models, kept.name, 'The gallery was set up with');
    setUp.onChosen({ name: model.name, because: 'kept', kept });
    return model.options;
  }
  return firstChoice(models, shelf, await opened, setUp);
}

/** Faults of the installation that no other model may hide. */
const faulty = (error: unknown): boolean =>
  ['model-missing', 'model-corrupt', 'backend-unavailable'].includes(visionErrorCode(error));

async function firstChoice(
  models: readonly ListedModel[],
  shelf: ModelShelf,
  record: ModelRecord,
  setUp: ModelSetUp,
): Promise<VisionOptions> {
  const forThisRun = ({ name, options }: ListedModel, problem: string): VisionOptions => {
    setUp.onProblem(problem);
    setUp.onChosen({ name, because: 'this-run', kept: null });
    return options;
  };
  let chosen: Chosen;
  let fit = models;
  try {
    fit = await fitting(models, shelf);
    chosen = await choose(models, fit, shelf, record, setUp);
  } catch (error) {
    if (faulty(error)) throw error;
    // Nothing is kept, so the next start tries again while nobody is enrolled.
    const problem = `How fast this machine decides could not be measured (${errorMessage(error)}).`;
    return forThisRun(fit[0]!, problem);
  }
  const model = named(models, chosen.name, 'The choice is');
  const choice: ModelChoice = { ...chosen, at: setUp.clock.date(), limit: setUp.config.limit };
  try {
    await record.keep(choice);
  } catch (error) {
    return forThisRun(model, `The choice of ${model.name} could not be kept (${errorMessage(error)}).`);
  }
  setUp.onChosen({ name: model.name, because: 'kept', kept: choice });
  return model.options;
}

/** A recogniser that staff can choose. */
export interface InstalledModel {
  readonly name: string;
  /** it wants a graphics device, and the browser finds none here */
  readonly tooLarge: boolean;
}

/** What staff can choose from, the preferred first. Rejects where the list cannot be read. */
export async function installedModels(shelf: ModelShelf): Promise<readonly InstalledModel[]> {
  const models = await shelf.list();
  // Where the browser does not tell, staff still choose.
  const isTooLarge = await sizesUp(models, { hasGpu: () => shelf.hasGpu().catch(() => false) });
  return models.map((model) => ({ name: model.name, tooLarge: isTooLarge(model) }));
}

/** Tells which models want a graphics device that the browser does not find; it is looked for where one of them wants it. */
async function sizesUp(
  models: readonly ListedModel[],
  { hasGpu }: Pick<ModelShelf, 'hasGpu'>,
): Promise<(model: ListedModel) => boolean> {
  const enough = models.every(({ wants }) => wants === undefined) || (await hasGpu());
  return ({ wants }) => wants !== undefined && !enough;
}

/** Those that this machine can be expected to run; all of them where it can be expected of none. */
async function fitting(models: readonly ListedModel[], shelf: ModelShelf): Promise<readonly ListedModel[]> {
  const isTooLarge = await sizesUp(models, shelf);
  const fit = models.filter((model) => !isTooLarge(model));
  return fit.length > 0 ? fit : models;
}

async function choose(
  models: readonly ListedModel[],
  fit: readonly ListedModel[],
  shelf: ModelShelf,
  record: ModelRecord,
  setUp: ModelSetUp,
): Promise<Chosen> {
  const templates = record.templatesBy();
  if (templates.size > 0) return ofTemplates(models, fit, shelf, templates);
  if (models.length > 1) {
    const passedOver = models.filter((model) => !fit.includes(model)).map(({ name }) => name);
    const chosen = await byMeasurement(fit, shelf, setUp);
    return passedOver.length > 0 ? { ...chosen, passedOver } : chosen;
  }
  return { name: models[0]!.name, reason: 'only-one', measured: [] };
}
