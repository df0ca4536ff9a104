import type { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import * as tf from '@tensorflow/tfjs';
import type { LossConfig } from '../recipes/schema.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { type CentredEmbeddings, centred, type FurtherTeacher, fuse, unit, wordsOf } from './fused.ts';
import { mobileFaceNetInput, packageNetwork } from './mobilefacenet.ts';
import { obtainMobileFaceNet } from './mobilefacenet-weights.ts';
import { sfaceInput, sfaceNetwork } from './sface.ts';
import { obtainSFace } from './sface-weights.ts';

/** What the teacher says of a batch; the caller disposes both. */
export interface Lesson {
  /** [batch, width], unit length */
  readonly targets: tf.Tensor2D;
  /** [batch, side, side, channels]: the teacher's map (`AskedTeacher`), of the pictures as they are */
  readonly maps: tf.Tensor4D;
}

/** A teacher that can be asked at each step. */
export interface AskedTeacher {
  readonly network: InferenceNetwork;
  /** pictures as the network takes them, then their mirror images, of the RGB bytes of `count` pictures of 112 x 112 */
  readonly input: (pixels: Uint8ClampedArray, count: number) => tf.Tensor4D;
  /** the map that a student learns: what the head pools, or what comes before the head's neck */
  readonly map: 'neck' | 'last';
}

export const askedMobileFaceNet = (network: InferenceNetwork): AskedTeacher => ({
  network,
  input: mobileFaceNetInput,
  map: 'neck',
});
export const askedSFace = (network: InferenceNetwork): AskedTeacher => ({
  network,
  input: sfaceInput,
  map: 'last',
});

type AskedName = NonNullable<LossConfig['consistent']>['teacher'];

const LOADERS: Readonly<Record<AskedName, () => Promise<AskedTeacher>>> = {
  mobilefacenet: async () => askedMobileFaceNet(packageNetwork(await obtainMobileFaceNet())),
  sface: async () => askedSFace(sfaceNetwork(await obtainSFace())),
};

/** What is known of a picture beside its pixels. */
export interface TaughtPicture {
  /** `set/path-in-set` */
  readonly path: string;
  /** mean fused embedding of the person's bare pictures */
  readonly personMean?: Float32Array | undefined;
  /** the photograph itself shows an accessory */
  readonly spoiled?: boolean;
}

export interface ConsistentOptions {
  /** who is asked */
  readonly teacher: AskedName;
  /** its stored embeddings of the same pictures, for their mean */
  readonly first: CentredEmbeddings;
  /** other teachers' of the same pictures, side by side with it */
  readonly further: readonly FurtherTeacher[];
  /** of the student's embedding */
  readonly width: number;
  /** share of the person's mean in a target, 0..1 */
  readonly personShare: number;
}

/**
 * A teacher that is computed at each step from the bare crop in the very shift, turn and scale that the student sees covered (Beyer et
 * al. 2022, arXiv 2106.05237): a student that meets each picture with one stored target learns those by heart.
 */
export class ConsistentTeacher {
  private readonly asked: AskedTeacher;
  private readonly options: Omit<ConsistentOptions, 'teacher'>;

  constructor(asked: AskedTeacher, options: Omit<ConsistentOptions, 'teacher'>) {
    this.asked = asked;
    this.options = options;
  }

  static async load(options: ConsistentOptions): Promise<ConsistentTeacher> {
    return new ConsistentTeacher(await LOADERS[options.teacher](), options);
  }

  /**
   * @param bare RGB bytes, `pictures.length` pictures of 112 x 112
   * @param pictures whose they are
   */
  async teach(bare: Uint8ClampedArray, pictures: readonly TaughtPicture[]): Promise<Lesson> {
    const count = pictures.length;
    const { directions, maps } = tf.tidy(() => {
      const { network, input, map } = this.asked;
      const images = input(bare, count);
      const last = network.map(images);
      images.dispose();
      const neck = network.neck(last);
      const both = network.embed(network.pool(neck));
      const sums = tf.sum(tf.reshape(both, [2, count, TEACHER_SIZE]), 0);
      const shown = map === 'neck' ? neck : last;
      return { directions: sums, maps: tf.slice(shown, [0, 0, 0, 0], [count, -1, -1, -1]) as tf.Tensor4D };
    });
    const values = await directions.data<'float32'>();
    directions.dispose();
    const { width } = this.options;
    const targets = new Float32Array(count * width);
    pictures.forEach((picture, row) => {
      const direction = values.slice(row * TEACHER_SIZE, (row + 1) * TEACHER_SIZE);
      targets.set(this.targetOf(picture, direction), row * width);
    });
    return { targets: tf.tensor2d(targets, [count, width]), maps };
  }

  /** The picture's own fused direction drawn towards its person's mean; the mean alone where an accessory spoils the picture. */
  private targetOf({ path, personMean, spoiled }: TaughtPicture, direction: Float32Array): Float32Array {
    if (spoiled && personMean) return unit(personMean);
    const { first, further, width, personShare } = this.options;
    const own = fuse(centred(direction, first.centre), wordsOf(further, path), width);
    if (!personMean) return own;
    return unit(own.map((value, i) => (1 - personShare) * value + personShare * personMean[i]!));
  }

  dispose(): void {
    this.asked.network.dispose();
  }
}
