import { MESH_POINTS } from '@rounz/core/face/face.ts';
import type { Rng } from '@rounz/core/math/random.ts';
import { drawWardrobe, isBare, wear } from '../accessories/wear.ts';
import { type AugmentConfig, augmentConfigSchema } from '../config.ts';
import { applyBlur, applyLowResolution, applyNoise, createFilterScratch } from '../degrade.ts';
import { applyErase } from '../erase.ts';
import { applyJpeg, createJpegScratch } from '../jpeg.ts';
import { type DrawnAccessories, NO_ACCESSORIES } from '../labels.ts';
import { applyLight, type HeadEllipse } from '../light.ts';
import { applyColour } from '../photometric.ts';
import { type Affine, CROP_SIZE, drawGeometry, toOutput, warp } from '../warp.ts';

export const CROP_BYTES = CROP_SIZE * CROP_SIZE * 3;

export { ACCESSORY_LABELS, type DrawnAccessories } from '../labels.ts';

export interface Augmented {
  /** RGB, `size * size * 3` */
  readonly pixels: Uint8ClampedArray;
  readonly accessories: DrawnAccessories;
}

export interface Augmenter {
  readonly config: AugmentConfig;
  /**
   * @param crop aligned face with its margin, RGB, 144x144x3 bytes; left unchanged
   * @param mesh 468 x 2, pixels of the crop; NaN where no mesh was found: then nothing is drawn
   * @param rng the only source of chance: the same state gives the same bytes
   * @param size side of the result, pixels; 112 is the template's own scale
   * @param out where to write; a new array when absent
   * @param bare gets the crop as it is, in the same shift, turn, scale and mirroring
   */
  augment(
    crop: Uint8Array | Uint8ClampedArray,
    mesh: Float32Array,
    rng: Rng,
    size: number,
    out?: Uint8ClampedArray,
    bare?: Uint8ClampedArray,
  ): Augmented;
}

/** Largest output that the working memory is made for, pixels. */
export const MAX_OUTPUT_SIZE = 144;

/** Throws a `ZodError` naming the field when the configuration is not valid. Not to be shared between threads. */
export function createAugmenter(input: AugmentConfig): Augmenter {
  const config = augmentConfigSchema.parse(input);
  const filter = createFilterScratch(MAX_OUTPUT_SIZE);
  const jpeg = createJpegScratch(MAX_OUTPUT_SIZE);
  const worn = new Uint8ClampedArray(CROP_BYTES);

  return {
    config,
    augment(crop, mesh, rng, size, out = new Uint8ClampedArray(size * size * 3), plain) {
      checkInput(crop, mesh, size, out);
      const wardrobe = drawWardrobe(config.accessories, rng);
      const bare = isBare(wardrobe);
      if (!bare) worn.set(crop);
      const accessories = bare ? NO_ACCESSORIES : wear(worn, mesh, wardrobe, rng);
      const affine = drawGeometry(config.geometry, rng, size);
      warp(bare ? crop : worn, CROP_SIZE, out, size, affine);
      if (plain) {
        if (bare) plain.set(out);
        else warp(crop, CROP_SIZE, plain, size, affine);
      }
      applyLight(out, size, headEllipse(mesh, affine, size), config.light, rng);
      applyColour(out, config.colour, rng);
      applyBlur(out, size, config.blur, rng, filter);
      applyLowResolution(out, size, config.lowResolution, rng, filter);
      applyNoise(out, config.noise, rng);
      applyJpeg(out, size, config.jpeg, rng, jpeg);
      applyErase(out, size, config.erase, rng);
      return { pixels: out, accessories };
    },
  };
}

function checkInput(crop: ArrayLike<number>, mesh: Float32Array, size: number, out: Uint8ClampedArray): void {
  if (crop.length !== CROP_BYTES) {
    throw new Error(`augment: the crop has ${crop.length} bytes instead of ${CROP_BYTES} (144x144 RGB).`);
  }
  if (mesh.length !== MESH_POINTS * 2) {
    throw new Error(
      `augment: the mesh has ${mesh.length} numbers instead of ${MESH_POINTS * 2} (468 points x, y).`,
    );
  }
  if (!Number.isInteger(size) || size < 8 || size > MAX_OUTPUT_SIZE) {
    throw new Error(`augment: the size ${size} is not a whole number from 8 to ${MAX_OUTPUT_SIZE} pixels.`);
  }
  if (out.length !== size * size * 3) {
    throw new Error(
      `augment: the result's array holds ${out.length} bytes; ${size}x${size} RGB needs ${size * size * 3}.`,
    );
  }
}

/** Mesh points at the face's edge: forehead, chin, both sides at the ears. */
const EDGE = { top: 10, chin: 152, right: 234, left: 454 } as const;
/** The head without a mesh: the template's face, relative to its 112 pixels. */
const TEMPLATE_HEAD = { x: 0.5, y: 0.58, rx: 0.42, ry: 0.58 } as const;

function headEllipse(mesh: Float32Array, affine: Affine, size: number): HeadEllipse {
  const corner = (index: number) => toOutput(affine, mesh[index * 2]!, mesh[index * 2 + 1]!);
  const top = corner(EDGE.top);
  const chin = corner(EDGE.chin);
  const right = corner(EDGE.right);
  const left = corner(EDGE.left);
  const rx = Math.hypot(right.x - left.x, right.y - left.y) / 2;
  const ry = Math.hypot(chin.x - top.x, chin.y - top.y) / 2;
  const found = rx > size / 16 && ry > size / 16;
  if (!found) {
    const { x, y, rx: wide, ry: high } = TEMPLATE_HEAD;
    return { x: x * size, y: y * size, rx: wide * size, ry: high * size };
  }
  return { x: (right.x + left.x) / 2, y: (top.y + chin.y) / 2, rx: rx * 1.1, ry: ry * 1.15 };
}
