import { CROP_SIZE } from '../warp.ts';
import type { Coverage } from './raster.ts';

/** Red, green, blue, 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Factor on a colour at a place of the crop, about 1. */
export type Texture = (x: number, y: number) => number;

export interface Paint {
  readonly colour: Rgb;
  /** opacity, 0..1 */
  readonly alpha: number;
  /** the far end of a linear gradient from `from` to `to`, crop pixels */
  readonly gradient?: {
    readonly colour: Rgb;
    readonly alpha: number;
    readonly from: { readonly x: number; readonly y: number };
    readonly to: { readonly x: number; readonly y: number };
  };
  readonly texture?: Texture;
  /** false: the scene's light leaves the colour alone (shadows, reflections) */
  readonly lit?: boolean;
}

/** The scene's light on a colour: level + x * slopeX + y * slopeY, held within a range. */
export interface LightPlane {
  readonly level: number;
  readonly slopeX: number;
  readonly slopeY: number;
  /** tint of the light, about 1 each */
  readonly tint: Rgb;
  /** 0 in a picture without colour, else 1 */
  readonly saturation: number;
}

const LEAST_LIGHT = 0.25;
const MOST_LIGHT = 1.5;
/** Less than half a step of 255. */
const LEAST_COVER = 0.002;

const UNLIT: LightPlane = { level: 1, slopeX: 0, slopeY: 0, tint: [1, 1, 1], saturation: 1 };

/** Lays a paint over the crop where the shape covers it, in place. */
export function paint(crop: Uint8ClampedArray, shape: Coverage, what: Paint, scene: LightPlane): void {
  const { colour, alpha, gradient, texture } = what;
  const light = what.lit === false ? UNLIT : scene;
  const [r0, g0, b0] = underLight(colour, light);
  const [r1, g1, b1] = gradient === undefined ? [r0, g0, b0] : underLight(gradient.colour, light);
  const red = r1 - r0;
  const green = g1 - g0;
  const blue = b1 - b0;
  const fade = gradient === undefined ? 0 : gradient.alpha - alpha;
  const { stepX, stepY, start } = gradientPlane(gradient);
  const even = light.slopeX === 0 && light.slopeY === 0;

  for (let row = shape.top; row < shape.bottom; row++) {
    const y = row + 0.5;
    const lineT = start + y * stepY;
    const lineGain = light.level + y * light.slopeY;
    for (let column = shape.left; column < shape.right; column++) {
      const cover = shape.data[row * CROP_SIZE + column]!;
      if (cover < LEAST_COVER) continue;
      const x = column + 0.5;
      const along = lineT + x * stepX;
      const t = along < 0 ? 0 : Math.min(1, along);
      let gain = even
        ? light.level
        : Math.min(MOST_LIGHT, Math.max(LEAST_LIGHT, lineGain + x * light.slopeX));
      if (texture !== undefined) gain *= texture(x, y);
      const a = cover * (alpha + fade * t);
      const keep = 1 - a;
      const lay = a * gain;
      const i = (row * CROP_SIZE + column) * 3;
      crop[i] = crop[i]! * keep + (r0 + red * t) * lay;
      crop[i + 1] = crop[i + 1]! * keep + (g0 + green * t) * lay;
      crop[i + 2] = crop[i + 2]! * keep + (b0 + blue * t) * lay;
    }
  }
}

function underLight([r, g, b]: Rgb, { tint, saturation }: LightPlane): Rgb {
  const luma = 0.299 * r + 0.587 * g + 0.114 * b;
  const coloured = (value: number, share: number) => (luma + (value - luma) * saturation) * share;
  return [coloured(r, tint[0]), coloured(g, tint[1]), coloured(b, tint[2])];
}

/** The gradient's share at (x, y) is start + x * stepX + y * stepY, to be held within 0..1. */
function gradientPlane(gradient: Paint['gradient']) {
  if (gradient === undefined) return { stepX: 0, stepY: 0, start: 0 };
  const { from, to } = gradient;
  const square = (to.x - from.x) ** 2 + (to.y - from.y) ** 2 || 1;
  const stepX = (to.x - from.x) / square;
  const stepY = (to.y - from.y) / square;
  return { stepX, stepY, start: -from.x * stepX - from.y * stepY };
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** Paints that no light changes. */
export const shadow = (alpha: number): Paint => ({ colour: BLACK, alpha, lit: false });
export const shine = (alpha: number): Paint => ({ colour: WHITE, alpha, lit: false });
