import * as tf from '@tensorflow/tfjs';
import { galleryContrastLoss } from '../../loss/gallery-contrast.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import type { Sample } from '../../samples/samples.ts';
import { unit } from '../../teacher/fused.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

type GalleryConfig = NonNullable<LossConfig['gallery']>;

/** A person's key; a picture of nobody known is a person of its own. */
const ownerOf = ({ person, path }: Sample): string => person ?? path;

/** One template a person: the mean of their bare pictures, or the picture's own target. */
function templatesOf(pictures: readonly Sample[]): Map<string, Float32Array> {
  const templates = new Map<string, Float32Array>();
  for (const picture of pictures) {
    const template = picture.personMean ?? picture.target;
    const owner = ownerOf(picture);
    if (template && !templates.has(owner)) templates.set(owner, unit(template));
  }
  return templates;
}

/** Each picture searches all training people, as the teacher knows them, and must find its own target. */
export class GalleryTerm implements LossTerm {
  private readonly config: GalleryConfig;
  private readonly rowOf: ReadonlyMap<string, number>;
  private readonly gallery: tf.Tensor2D;

  /**
   * @param pictures all that the run trains on
   * @throws Error where fewer than two people have a target
   */
  constructor(config: GalleryConfig, pictures: readonly Sample[]) {
    const templates = [...templatesOf(pictures)];
    const [first, second] = templates;
    if (!first || !second) {
      throw new Error(
        '`losses.gallery` searches the teacher’s targets of two people or more: give `--teacher`.',
      );
    }
    this.config = config;
    this.rowOf = new Map(templates.map(([owner], row) => [owner, row]));
    const values = new Float32Array(templates.length * first[1].length);
    for (const [row, [, template]] of templates.entries()) values.set(template, row * template.length);
    this.gallery = tf.tidy(() => tf.keep(tf.tensor2d(values, [templates.length, first[1].length])));
  }

  variables() {
    return NO_VARIABLES;
  }

  losses({ embeddings, samples, lesson }: TermContext): TermValue[] {
    if (!lesson)
      throw new Error('`losses.gallery` needs `losses.consistent`, whose teacher gives the targets.');
    const own = samples.map((sample) => this.rowOf.get(ownerOf(sample)) ?? -1);
    const value = galleryContrastLoss(embeddings, lesson.targets, this.gallery, own, this.config);
    return [{ name: 'gallery', value, weight: this.config.weight }];
  }

  dispose(): void {
    this.gallery.dispose();
  }
}
