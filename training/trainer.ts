import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { type HostWeights, initialWeights, toHost } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { AUGMENT_PRESETS } from './augment/config.ts';
import { createPrefetcher, type Prefetcher } from './augment/prefetch.ts';
import type { Batch } from './augment/prefetch-protocol.ts';
import { createRng } from './augment/rng.ts';
import { type BatchPlan, BatchPlanner } from './batches.ts';
import { type Checkpoint, saveCheckpoint } from './checkpoint.ts';
import type { TrainConfig } from './config.ts';
import { toImages } from './images.ts';
import { NetworkState } from './network-state.ts';
import { Objective } from './objective.ts';
import { Optimiser } from './optim/optimiser.ts';
import { rateShare, sizeAt } from './optim/schedule.ts';
import type { Split } from './samples.ts';
import { type ValidationResult, validate } from './validate.ts';
import { openRunEvents, type RunEvents } from './watch/run-events.ts';

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
  /** images that this start has seen already */
  readonly imagesBefore?: number;
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
  readonly loss: number;
  readonly distillation: number;
  readonly distance: number;
  readonly arcface: number;
  /** of the embeddings' squared lengths (loss/norm-spread.ts) */
  readonly spread: number;
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
  private readonly network: NetworkState;
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
    const start = options.initial ?? initialWeights(plan, () => rng.next());
    this.network = new NetworkState(
      plan,
      resume?.groups['weights'] ?? start,
      resume?.groups['averaged'] ?? start,
    );
    this.objective = new Objective(config, split.classTargets, resume?.groups['centres']);
    this.optimiser = new Optimiser(config.optimiser);
    if (resume) this.optimiser.restore(resume.groups['optimiser'] ?? new Map(), resume.steps);
    this.seen = resume?.imagesSeen ?? 0;
    this.planned = this.seen;
    this.planner = new BatchPlanner(split.train, config.seed, this.seen);
    this.prefetcher = createPrefetcher({
      cacheDir: options.cacheDir,
      sets: config.data.sets,
      augment: AUGMENT_PRESETS[config.augmentation],
      size: this.sizeAt(this.seen),
      threads: options.threads,
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

  private async step(): Promise<StepReport> {
    const start = performance.now();
    this.fill();
    const { plan, size, batch } = this.queue.shift()!;
    const { pixels } = await batch;
    this.fill();
    const { config } = this.options;
    const images = toImages(pixels, plan.samples.length);
    const parts = this.descend(images, plan);
    images.dispose();
    this.seen += plan.samples.length;
    const report = {
      imagesSeen: this.seen,
      totalImages: config.totalImages,
      ...parts,
      rate: this.rate(),
      size,
      imagesPerSecond: (plan.samples.length / (performance.now() - start)) * 1000,
    };
    appendFileSync(join(this.options.runFolder, 'steps.jsonl'), `${JSON.stringify(report)}\n`);
    this.events.step(report);
    return report;
  }

  private rate(): number {
    const { optimiser, schedule, totalImages } = this.options.config;
    return optimiser.rate * rateShare(schedule, this.seen, totalImages);
  }

  /** One gradient step. A loss that is no number is an error: going on would only hide it. */
  private descend(
    images: tf.Tensor4D,
    plan: BatchPlan,
  ): Pick<StepReport, 'loss' | 'distillation' | 'distance' | 'arcface' | 'spread' | 'gradientNorm'> {
    const { dropout, averages } = this.options.config;
    const steps = this.optimiser.stepCount;
    const variables = new Map([...this.network.trainable(), ...this.objective.variables()]);
    const values = { loss: 0, distillation: 0, distance: 0, arcface: 0, spread: 0, gradientNorm: 0 };
    const { value, grads } = tf.variableGrads(() => {
      const embeddings = this.network.forward(images, dropout, steps, averages.statistics);
      const parts = this.objective.losses(embeddings, plan.samples, this.seen);
      values.distillation = parts.distillation.dataSync()[0]!;
      values.arcface = parts.arcface.dataSync()[0]!;
      values.distance = parts.distance.dataSync()[0]!;
      values.spread = parts.spread.dataSync()[0]!;
      return parts.total;
    }, [...variables.values()]);
    values.loss = value.dataSync()[0]!;
    value.dispose();
    if (!Number.isFinite(values.loss)) {
      tf.dispose(grads);
      throw new Error(
        `The loss is ${values.loss} after ${this.seen} images. Lower the learning rate or lengthen the warm-up, and resume from the last checkpoint.`,
      );
    }
    const rate = this.rate();
    values.gradientNorm = this.optimiser.step(variables, grads, () => rate);
    tf.dispose(grads);
    this.network.follow(averages.weights, steps);
    return values;
  }

  private async validate(): Promise<void> {
    const { split } = this.options;
    if (split.validation.length === 0) return;
    const inference = await this.network.inference();
    try {
      this.prefetcher.setSize(this.sizeAt(this.seen));
      const result = await validate(inference, this.prefetcher, split.validation);
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
      steps: this.optimiser.stepCount,
      backend: this.options.backend,
      groups: {
        weights: await this.network.weights(),
        averaged: await this.network.averagedWeights(),
        optimiser: await toHost(this.optimiser.slots()),
        centres: await toHost(this.objective.variables()),
      },
    });
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
