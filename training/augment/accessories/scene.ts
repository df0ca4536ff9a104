import { CROP_SIZE } from '../warp.ts';
import { distance, FACE_OVAL, type Head, MESH, type Point } from './head.ts';
import type { LightPlane, Rgb } from './paint.ts';
import { clamp, mix } from './shapes.ts';

/** Light and skin of a photograph, so that drawn accessories match it. */
export interface Scene {
  readonly light: LightPlane;
  readonly skin: Rgb;
  readonly hair: Rgb;
  /** the face's outline, flat */
  readonly oval: readonly number[];
}

/** Luma of an evenly exposed cheek; darker pictures darken what is drawn, but less, since skin differs. */
const USUAL_SKIN_LUMA = 150;
const EXPOSURE_POWER = 0.6;
/** Luma differences across the face that count as light rather than as beard or shadow of the nose. */
const LARGEST_SLOPE = 0.012;

const luma = ([r, g, b]: Rgb): number => 0.299 * r + 0.587 * g + 0.114 * b;

export function readScene(crop: Uint8ClampedArray, head: Head): Scene {
  const patch = 4 * head.scale;
  const right = meanColour(crop, head.point(50), patch);
  const left = meanColour(crop, head.point(280), patch);
  const brow = meanColour(crop, head.point(MESH.browMiddle), patch);
  const jaw = meanColour(crop, head.onFace(0, 50), patch);
  const skin = average([right, left, brow]);
  const hair = hairColour(crop, head, skin);
  const level = clamp((luma(skin) / USUAL_SKIN_LUMA) ** EXPOSURE_POWER, 0.3, 1.3);
  const relative = (one: Rgb, other: Rgb, apart: number) =>
    clamp(
      (luma(other) - luma(one)) / Math.max(20, luma(skin)) / Math.max(8, apart),
      -LARGEST_SLOPE,
      LARGEST_SLOPE,
    );
  const sideways = relative(right, left, distance(head.point(50), head.point(280)));
  const downwards = relative(brow, jaw, distance(head.point(MESH.browMiddle), head.onFace(0, 50))) * 0.5;
  const slopeX = (head.across.x * sideways + head.down.x * downwards) * level;
  const slopeY = (head.across.y * sideways + head.down.y * downwards) * level;
  const middle = head.onFace(0, 15);
  const grey = isGrey([skin, hair, jaw]);
  return {
    light: {
      level: level - middle.x * slopeX - middle.y * slopeY,
      slopeX,
      slopeY,
      tint: grey ? [1, 1, 1] : tintOf(skin),
      saturation: grey ? 0 : 1,
    },
    skin,
    hair,
    oval: FACE_OVAL.flatMap((index) => [head.point(index).x, head.point(index).y]),
  };
}

const PLAIN_HAIR: Rgb = [38, 30, 26];
/** Hair is darker than skin by this factor, or it is a bald head or the background that was sampled. */
const HAIR_TO_SKIN = 0.75;

/** The darkest of the patches above the forehead; a plain dark brown where none is darker than the skin. */
function hairColour(crop: Uint8ClampedArray, head: Head, skin: Rgb): Rgb {
  const places = [head.onSkull(0, -50), head.onSkull(-0.5, -46), head.onSkull(0.5, -46)];
  const patches = places.map((place) => meanColour(crop, place, 4 * head.scale));
  const darkest = patches.reduce((one, other) => (luma(other) < luma(one) ? other : one));
  return luma(darkest) < luma(skin) * HAIR_TO_SKIN ? darkest : PLAIN_HAIR;
}

/** Skin is orange in any light; only a departure from its usual hue comes from the light, and half of it is used. */
function tintOf([r, g, b]: Rgb): Rgb {
  const total = Math.max(30, r + g + b);
  const part = (value: number, usual: number) => clamp(mix(1, value / total / usual, 0.5), 0.75, 1.25);
  return [part(r, 0.42), part(g, 0.32), part(b, 0.26)];
}

/** Black and white photographs: no channel of any patch differs by more than what their encoding adds. */
const GREY_SPREAD = 5;
const isGrey = (patches: readonly Rgb[]): boolean =>
  patches.every((patch) => Math.max(...patch) - Math.min(...patch) < GREY_SPREAD);

function average(colours: readonly Rgb[]): Rgb {
  const mean = (channel: 0 | 1 | 2) => colours.reduce((sum, one) => sum + one[channel], 0) / colours.length;
  return [mean(0), mean(1), mean(2)];
}

/** Mean over a square of `reach` pixels each way, cut at the picture's edge. */
export function meanColour(crop: Uint8ClampedArray, { x, y }: Point, reach: number): Rgb {
  const hold = (value: number) => clamp(Math.round(value), 0, CROP_SIZE - 1);
  const sums = [0, 0, 0];
  let count = 0;
  for (let row = hold(y - reach); row <= hold(y + reach); row++) {
    for (let column = hold(x - reach); column <= hold(x + reach); column++) {
      const i = (row * CROP_SIZE + column) * 3;
      for (let channel = 0; channel < 3; channel++) sums[channel]! += crop[i + channel]!;
      count++;
    }
  }
  return [sums[0]! / count, sums[1]! / count, sums[2]! / count];
}
