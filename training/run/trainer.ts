import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { type HostTensor, type HostWeights, toHost } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { AUGMENT_PRESETS } from '../augment/config.ts';
import { createPrefetcher, type Prefetcher } from '../augment/pipeline/prefetch.ts';
import type { Batch } from '../augment/pipeline/prefetch-protocol.ts';
import { Optimiser } from '../optim/optimiser.ts';
import { rateShare, sizeAt } from '../optim/schedule.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { MODEL_INPUTS, toImages } from '../samples/images.ts';
import { repeated, type Split } from '../samples/samples.ts';
import type { ConsistentTeacher } from '../teacher/consistent.ts';
import { type BatchPlan, type BatchPlanner, createPlanner } from './batches.ts';
import { type Checkpoint, saveCheckpoint } from './checkpoint.ts';
import type { TrainedNetwork } from './network-state.ts';
import { Objective } from './objective.ts';
import { openRunEvents, type RunEvents } from './run-events.ts';
import { networkOf, randomStart } from './trained-form.ts';
import { type ValidationResult, validate } from './validation.ts';

export interface TrainOptions {
  readonly config: TrainConfig;
  readonly split: Split;
  /** folder of the aligned cache */
  readonly cacheDir: string;
  /** where checkpoints and the log go */
  readonly runFolder: string;
  readonly resume?: Checkpoint;
  /** another start than a random one */
  readonly initial?: HostWeights;
  /** where the recipe has a consistent teacher; the caller disposes it */
  readonly teacher?: ConsistentTeacher | undefined;
  /** images that this start has seen already */
  readonly imagesBefore?: number;
  /** where its first weights came from, where that is to be told */
  readonly origin?: string | undefined;
  readonly backend: string;
  readonly checkpointMinutes: number;
  readonly validateMinutes: number;
  readonly threads: number;
  readonly onStep: (progress: StepReport) => void;
  readonly onValidation: (result: ValidationResult & { imagesSeen: number }) => void;
  readonly signal?: AbortSignal;
}

export interface StepReport {
  readonly imagesSeen: number;
  readonly totalImages: number;
  /** the weighted sum that is followed */
  readonly loss: number;
  /** each term of the loss by name, unweighted */
  readonly parts: Readonly<Record<string, number>>;
  /** length of the gradient before clipping */
  readonly gradientNorm: number;
  readonly rate: number;
  readonly size: number;
  /** of this step, waiting for pictures included */
  readonly imagesPerSecond: number;
}

/** Keeps the draw of who is augmented lightly apart from the draws of the augmentation itself. */
const LIGHT_SALT = 0x51f15e;

/** Batches asked for ahead of the one that is trained on. */
const AHEAD = 3;

interface Ready {
  readonly plan: BatchPlan;
  readonly size: number;
  readonly batch: Promise<Batch>;
}

/** Trains a network; every number comes from its config. */
export class Trainer {
  private readonly options: TrainOptions;
  private readonly network: TrainedNetwork;
  private readonly objective: Objective;
  private readonly optimiser: Optimiser;
  private readonly planner: BatchPlanner;
  private readonly prefetcher: Prefetcher;
  private readonly queue: Ready[] = [];
  private readonly events: RunEvents;
  private planned: number;
  private seen: number;

  constructor(options: TrainOptions) {
    const { config, resume, split } = options;
    this.options = options;
    const plan = planNetwork(config.architecture);
    const rng = createRng(config.seed);
    const start = options.initial ?? randomStart(config, plan, () => rng.next());
    const [weights, averaged] = [resume?.groups['weights'] ?? start, resume?.groups['averaged'] ?? start];
    this.network = networkOf(config, plan, weights, averaged);
    this.objective = new Objective(config, split.classTargets, split.train, resume?.groups['centres']);
    this.optimiser = new Optimiser(config.optimiser);
    if (resume) this.optimiser.restore(resume.groups['optimiser'] ?? new Map(), resume.steps);
    this.seen = resume?.imagesSeen ?? 0;
    this.planned = this.seen;
    this.planner = createPlanner(repeated(split.train, config.data), config, this.seen);
    this.prefetcher = createPrefetcher({
      cacheDir: options.cacheDir,
      sets: config.data.sets,
      augment: AUGMENT_PRESETS[config.augmentation],
      size: this.sizeAt(this.seen),
      threads: options.threads,
      bare: options.teacher !== undefined,
    });
    mkdirSync(options.runFolder, { recursive: true });
    this.events = openRunEvents(options.runFolder, this.seen, config);
  }

  /** Trains to the end of the run, or until the signal aborts; then writes a last checkpoint. */
  async run(): Promise<void> {
    const { config, signal, checkpointMinutes, validateMinutes } = this.options;
    const checkpoint = every(checkpointMinutes);
    const validation = every(validateMinutes);
    while (this.seen < config.totalImages && !signal?.aborted) {
      // A step awaits nothing but promises that are settled already: without a turn of the event loop no signal is heard.
      await new Promise((resolve) => setImmediate(resolve));
      const report = await this.step();
      this.options.onStep(report);
      if (checkpoint()) await this.save();
      if (validation()) await this.validate();
    }
    await this.save();
    await this.validate();
    await this.prefetcher.close();
  }

  dispose(): void {
    this.events.close();
    this.network.dispose();
    this.objective.dispose();
    this.optimiser.dispose();
  }

  private sizeAt(seen: number): number {
    const { sizes, totalImages } = this.options.config;
    return sizeAt(sizes, seen, totalImages);
  }

  private fill(): void {
    while (this.queue.length < AHEAD) {
      const { batch: count } = this.options.config;
      const plan = this.planner.next(count);
      const size = this.sizeAt(this.planned);
      this.planned += count;
      this.prefetcher.setSize(size);
      const { lightShare } = this.options.config;
      const requests = plan.samples.map(({ set, index }, i) => {
        const seed = plan.seeds[i]!;
        const light = createRng(seed ^ LIGHT_SALT).chance(lightShare);
        return light ? { set, index, seed, preset: 'light' as const } : { set, index, seed };
      });
      const batch = this.prefetcher.request(requests);
      batch.catch(() => undefined);
      this.queue.push({ plan, size, batch });
    }
  }

  /** One step: as many batches as are accumulated, then one move of the weights. */
  private async step(): Promise<StepReport> {
    const start = performance.now();
    const { config } = this.options;
    const sum: Sums = { loss: 0, parts: {}, gradients: {} };
    let size = 0;
    let images = 0;
    for (let micro = 0; micro < config.accumulate; micro++) {
      this.fill();
      const { plan, size: side, batch } = this.queue.shift()!;
      const pictures = await batch;
      this.fill();
      await this.accumulate(sum, pictures, plan, images);
      images += plan.samples.length;
      size = side;
    }
    const rate = this.rate();
    const gradientNorm = await this.move(sum, rate);
    this.seen += images;
    const { loss, parts } = sum;
    const report = {
      imagesSeen: this.seen,
      totalImages: config.totalImages,
      loss,
      parts,
      gradientNorm,
      rate,
      size,
      imagesPerSecond: (images / (performance.now() - start)) * 1000,
    };
    const { parts: _, ...numbers } = report;
    const row = { ...numbers, ...parts };
    appendFileSync(join(this.options.runFolder, 'steps.jsonl'), `${JSON.stringify(row)}\n`);
    this.events.step(row);
    return report;
  }

  private rate(): number {
    const { optimiser, schedule, totalImages } = this.options.config;
    return optimiser.rate * rateShare(schedule, this.seen, totalImages);
  }

  /** Adds one batch's loss and gradients, shared out over the batches of a step. A loss that is no number is an error. */
  private async accumulate(sum: Sums, batch: Batch, plan: BatchPlan, ahead: number): Promise<void> {
    const { config, teacher } = this.options;
    const { dropout, averages, accumulate } = config;
    const { samples } = plan;
    const seen = this.seen + ahead;
    const images = toImages(batch.pixels, samples.length, MODEL_INPUTS[config.input]);
    const lesson = await teacher?.teach(batch.bare!, samples);
    if (this.objective.wantsGallery) await this.offerGallery(images, plan);
    const prepared = this.network.prepare(images);
    images.dispose();
    const variables = [...this.trained().values()];
    const values: Record<string, tf.Scalar> = {};
    const { value, grads } = tf.variableGrads(() => {
      const forward = this.network.forward(prepared, dropout, dropoutSeed(seen), averages.statistics);
      const covered = coveredOf(batch, samples.length);
      const losses = this.objective.losses({ ...forward, samples, imagesSeen: seen, covered, lesson });
      for (const [name, part] of Object.entries(losses.parts)) values[name] = tf.keep(tf.clone(part));
      return losses.total;
    }, variables);
    tf.dispose([prepared, ...(lesson ? [lesson.targets, lesson.maps] : [])]);
    const [loss, ...parts] = await readScalars([value, ...Object.values(values)]);
    if (!Number.isFinite(loss)) {
      tf.dispose([grads, sum.gradients]);
      throw new LossNotFinite(loss!, seen);
    }
    sum.loss += loss! / accumulate;
    Object.keys(values).forEach((name, i) => {
      sum.parts[name] = (sum.parts[name] ?? 0) + parts[i]! / accumulate;
    });
    sum.gradients = accumulate === 1 ? grads : addShare(sum.gradients, grads, 1 / accumulate);
  }

  /** What gradients change: of the network and of the losses. */
  private trained(): Map<string, tf.Variable> {
    return new Map([...this.network.trainable(), ...this.objective.variables()]);
  }

  private async offerGallery(images: tf.Tensor4D, plan: BatchPlan): Promise<void> {
    const gallery = this.network.followerEmbeddings(images);
    await this.objective.offer(gallery, plan.samples);
    gallery.dispose();
  }

  /** @returns length of the gradient before clipping */
  private async move({ gradients }: Sums, rate: number): Promise<number> {
    const { averages, backboneShare } = this.options.config;
    const steps = this.optimiser.stepCount;
    const variables = this.trained();
    const norm = await this.optimiser.step(
      variables,
      gradients,
      (name) => rate * (this.network.isBackbone(name) ? backboneShare : 1),
    );
    tf.dispose(gradients);
    this.network.follow(averages.weights, steps);
    return norm;
  }

  private async validate(): Promise<void> {
    const { split } = this.options;
    if (split.validation.length === 0) return;
    const inference = await this.network.inference();
    try {
      this.prefetcher.setSize(this.sizeAt(this.seen));
      const result = await validate(
        inference,
        this.prefetcher,
        split.validation,
        MODEL_INPUTS[this.options.config.input],
      );
      const row = { ...result, imagesSeen: this.seen };
      appendFileSync(join(this.options.runFolder, 'validation.jsonl'), `${JSON.stringify(row)}\n`);
      this.events.validation(row);
      this.options.onValidation(row);
    } finally {
      inference.dispose();
    }
  }

  private async save(): Promise<void> {
    saveCheckpoint(join(this.options.runFolder, 'checkpoint'), {
      config: this.options.config,
      imagesSeen: this.seen,
      imagesBefore: this.options.resume?.imagesBefore ?? this.options.imagesBefore ?? 0,
      origin: this.options.resume?.origin ?? this.options.origin,
      steps: this.optimiser.stepCount,
      backend: this.options.backend,
      groups: {
        weights: await this.network.weights(),
        averaged: await this.network.averagedWeights(),
        optimiser: await toHost(this.optimiser.slots()),
        centres: await hostOf(this.objective.state()),
      },
    });
  }
}

/** Of each picture of a batch, whether anything was drawn on it. */
function coveredOf({ accessories }: Batch, count: number): boolean[] {
  const labels = accessories.length / count;
  return Array.from({ length: count }, (_, row) =>
    accessories.subarray(row * labels, (row + 1) * labels).some((drawn) => drawn === 1),
  );
}

/** Reads and disposes scalars. Never at once: a GPU gives its values later alone. */
async function readScalars(scalars: readonly tf.Scalar[]): Promise<number[]> {
  const read = await Promise.all(scalars.map((scalar) => scalar.data()));
  tf.dispose([...scalars]);
  return read.map((values) => values[0]!);
}

async function hostOf(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, HostTensor>> {
  const values = new Map<string, HostTensor>();
  for (const [name, tensor] of tensors) {
    values.set(name, { shape: tensor.shape.slice(), data: (await tensor.data<'float32'>()).slice() });
    // Variables stay; what was made for the checkpoint goes.
    if (!(tensor instanceof tf.Variable)) tensor.dispose();
  }
  return values;
}

/** What the batches of a step add up to. */
interface Sums {
  loss: number;
  readonly parts: Record<string, number>;
  gradients: tf.NamedTensorMap;
}

/** Dropout's draw depends on the position alone, so that a resumed run draws as if it had not stopped. */
const dropoutSeed = (seen: number): number => seen % 2 ** 31;

function addShare(sum: tf.NamedTensorMap, more: tf.NamedTensorMap, share: number): tf.NamedTensorMap {
  const result: tf.NamedTensorMap = {};
  for (const [name, gradient] of Object.entries(more)) {
    const before = sum[name];
    result[name] = tf.tidy(() => {
      const part = tf.mul(gradient, share);
      return before ? tf.add(before, part) : part;
    });
  }
  tf.dispose([sum, more]);
  return result;
}

/** The run stops rather than going on from weights that mean nothing; the last checkpoint still loads. */
export class LossNotFinite extends Error {
  constructor(loss: number, imagesSeen: number) {
    super(
      `The loss is ${loss} after ${imagesSeen} images. What was learned after the last checkpoint is lost; that one still loads: lower the learning rate (optimiser.rate) or lengthen the warm-up (schedule.warmupImages), and run the same command again to go on from it.`,
    );
    this.name = 'LossNotFinite';
  }
}

/** A clock that says true once every so many minutes. */
function every(minutes: number): () => boolean {
  let last = performance.now();
  return () => {
    if (performance.now() - last < minutes * 60_000) return false;
    last = performance.now();
    return true;
  };
}
