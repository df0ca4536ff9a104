import { createRng } from '@rounz/core/math/random.ts';
import { MOBILENET, planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { Optimiser } from '../optim/optimiser.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { type TrainConfig, trainConfigSchema } from '../recipes/schema.ts';
import { NetworkState } from '../run/network-state.ts';
import { Objective } from '../run/objective.ts';
import type { Sample } from '../samples/samples.ts';
import type { Lesson } from '../teacher/consistent.ts';
import { unit } from '../teacher/fused.ts';

/** Small enough for tfjs' plain CPU backend; 20 pixels give odd sides from the second stage on. */
const ARCHITECTURE: Architecture = { ...RESNET50, blocks: [1, 1, 1, 1], width: 4, embeddingSize: 32 };
const SIDE = 20;
const BATCH = 8;
const CLASSES = 3;
const STEPS = 3;

const recipe = (name: string, changes: Partial<TrainConfig>): TrainConfig =>
  trainConfigSchema.parse({ ...RECIPES[name]!, architecture: ARCHITECTURE, batch: BATCH, ...changes });

const { losses: bare } = RECIPES['est-model1']!;
const noClasses = { ...bare, arcface: { ...bare.arcface, weight: 0 } };

/** Between them every loss, optimiser and kind of layer that a configuration can ask for. */
const CASES: Readonly<Record<string, TrainConfig>> = {
  distil: recipe('distil', {}),
  classes: recipe('est-model3', {
    losses: {
      ...bare,
      arcface: { ...bare.arcface, marginWarmupImages: 2 * BATCH, subCentres: 2 },
      cosface: { weight: 0.5, scale: 16, margin: 0.2, marginWarmupImages: 0 },
      softmax: { weight: 0.5 },
    },
  }),
  pairs: recipe('contrastive', {
    losses: {
      ...noClasses,
      contrastive: { weight: 1, margin: 1.2 },
      triplet: { weight: 1, margin: 0.3 },
      pair: { weight: 0.5, scale: 16 },
    },
  }),
  prototypes: recipe('semi-siamese', {}),
  slopes: recipe('distil', {
    architecture: {
      ...MOBILENET,
      width: 4,
      blocks: [
        { outputs: 8, stride: 2 },
        { outputs: 8, stride: 2 },
      ],
      head: { neck: 6, side: 5, outputs: 12 },
      embeddingSize: 32,
    },
  }),
  gallery: recipe('distil', {
    losses: {
      ...noClasses,
      consistent: {
        teacher: 'mobilefacenet',
        weight: 1,
        mapWeight: 0,
        coveredShare: 0,
        secondShare: 0,
        thirdShare: 0,
      },
      gallery: { weight: 0.5, scale: 16, margin: 0.1, sameAbove: 0.9 },
    },
  }),
};

/** What each step came to; equal on every backend up to rounding. */
export interface Course {
  readonly losses: readonly number[];
  /** lengths of the whole gradient */
  readonly norms: readonly number[];
  /** an embedding by the averaged, folded weights at the end */
  readonly embedding: readonly number[];
}

/** Three people, one of them with a picture only, and a picture of nobody known. */
function samplesFor(width: number): Sample[] {
  const rng = createRng(3);
  return [0, 0, 1, 1, 0, 1, 2, -1].map((label, index) => ({
    set: 'random',
    index,
    person: label < 0 ? null : `person ${label}`,
    label,
    path: `random/${index}`,
    target: Float32Array.from({ length: width }, () => rng.between(-0.3, 0.3)),
  }));
}

/** What a consistent teacher would say of them: their targets as directions. */
function lessonOf(samples: readonly Sample[]): Lesson {
  const targets = tf.tensor2d(samples.map(({ target }) => [...unit(target!)]));
  return { targets, maps: tf.zeros([samples.length, 1, 1, 1]) };
}

/** Trains the small network of one case for a few steps on the current backend. */
async function courseOf(config: TrainConfig): Promise<Course> {
  const plan = planNetwork(config.architecture);
  const rng = createRng(config.seed);
  const network = new NetworkState(
    plan,
    initialWeights(plan, () => rng.next()),
  );
  const samples = samplesFor(plan.embeddingSize);
  const lesson = lessonOf(samples);
  const objective = new Objective(config, new Array(CLASSES).fill(undefined), samples);
  const optimiser = new Optimiser(config.optimiser);
  const pixels = Float32Array.from({ length: BATCH * SIDE * SIDE * 3 }, () => rng.between(-1, 1));
  const images = tf.tensor4d(pixels, [BATCH, SIDE, SIDE, 3]);
  const variables = new Map([...network.trainable(), ...objective.variables()]);
  const course = { losses: [] as number[], norms: [] as number[] };
  for (let step = 0; step < STEPS; step++) {
    if (objective.wantsGallery) {
      const gallery = network.followerEmbeddings(images);
      await objective.offer(gallery, samples);
      gallery.dispose();
    }
    const { value, grads } = tf.variableGrads(
      () =>
        objective.losses({
          ...network.forward(images, config.dropout, step, config.averages.statistics),
          samples,
          imagesSeen: step * BATCH,
          lesson,
        }).total,
      [...variables.values()],
    );
    course.losses.push((await value.data())[0]!);
    course.norms.push(await optimiser.step(variables, grads, () => config.optimiser.rate / 10));
    network.follow(config.averages.weights, step);
    tf.dispose([value, grads]);
  }
  const inference = await network.inference();
  const embedded = inference.forward(images);
  const embedding = [...(await embedded.data())].slice(0, plan.embeddingSize);
  embedded.dispose();
  tf.dispose([images, lesson.targets, lesson.maps]);
  for (const part of [inference, network, objective, optimiser]) part.dispose();
  return { ...course, embedding };
}

/** Every case's course on the current backend. */
export async function runCourses(): Promise<Record<string, Course>> {
  const courses: Record<string, Course> = {};
  for (const [name, config] of Object.entries(CASES)) courses[name] = await courseOf(config);
  return courses;
}
