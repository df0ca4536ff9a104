import { pickWeighted, type Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig, Outfit } from '../config.ts';
import { type DrawnAccessories, NO_ACCESSORIES } from '../labels.ts';
import { createBrush } from './brush.ts';
import { drawGlasses } from './glasses.ts';
import type { GlassesKind } from './glasses-design.ts';
import { drawHat } from './hat.ts';
import { readHead } from './head.ts';
import { drawMask } from './mask.ts';
import { drawFringe, drawOccluder } from './occluder.ts';
import { readScene } from './scene.ts';

/** What one face is to wear. */
export interface Wardrobe {
  readonly outfit: Outfit | undefined;
  readonly fringe: boolean;
  readonly occluder: boolean;
}

export function drawWardrobe(config: AugmentConfig['accessories'], rng: Rng): Wardrobe {
  const outfit = rng.chance(config.probability) ? pickWeighted(rng, config.outfits) : undefined;
  const fringe = rng.chance(config.fringe) && !outfit?.includes('hat');
  return { outfit, fringe, occluder: rng.chance(config.occluder) };
}

/** True when the face is left as it is, so that nobody need copy the crop. */
export const isBare = ({ outfit, fringe, occluder }: Wardrobe): boolean =>
  outfit === undefined && !fringe && !occluder;

/**
 * Draws the wardrobe into the crop, in place, from the inside out: hair, mask, glasses, hat, whatever is held before
 * the face. Returns what is worn; nothing is drawn, and nothing worn, when the mesh is no face.
 */
export function wear(
  crop: Uint8ClampedArray,
  mesh: Float32Array,
  wardrobe: Wardrobe,
  rng: Rng,
): DrawnAccessories {
  const head = readHead(mesh);
  if (head === undefined) return NO_ACCESSORIES;
  const brush = createBrush(crop, head, readScene(crop, head), rng);
  const parts = wardrobe.outfit?.split('+') ?? [];
  const lenses = parts.find(isGlasses);
  if (wardrobe.fringe) drawFringe(brush);
  if (parts.includes('mask')) drawMask(brush);
  if (lenses !== undefined) drawGlasses(brush, lenses);
  if (parts.includes('hat')) drawHat(brush);
  if (wardrobe.occluder) drawOccluder(brush);
  return {
    glasses: lenses === 'glasses' || lenses === 'hornRimmed',
    sunglasses: lenses === 'sunglasses',
    hat: parts.includes('hat'),
    mask: parts.includes('mask'),
  };
}

const isGlasses = (part: string): part is GlassesKind =>
  part === 'glasses' || part === 'hornRimmed' || part === 'sunglasses';
