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
}

const LEAST_LIGHT = 0.25;
const MOST_LIGHT = 1.5;

/** Lays a paint over the crop where the shape covers it, in place. */
export function paint(crop: Uint8ClampedArray, shape: Coverage, what: Paint, light: LightPlane): void {
  const { colour, alpha, gradient, texture, lit = true } = what;
  const end = gradient?.colour ?? colour;
  const endAlpha = gradient?.alpha ?? alpha;
  const axisX = gradient === undefined ? 0 : gradient.to.x - gradient.from.x;
  const axisY = gradient === undefined ? 0 : gradient.to.y - gradient.from.y;
  const square = axisX * axisX + axisY * axisY || 1;
  const [red, green, blue] = colour;
  const tint = lit ? light.tint : ([1, 1, 1] as const);

  for (let row = shape.top; row < shape.bottom; row++) {
    const y = row + 0.5;
    for (let column = shape.left; column < shape.right; column++) {
      const cover = shape.data[row * CROP_SIZE + column]!;
      if (cover < 0.004) continue;
      const x = column + 0.5;
      let t = 0;
      if (gradient !== undefined) {
        t = ((x - gradient.from.x) * axisX + (y - gradient.from.y) * axisY) / square;
        t = Math.min(1, Math.max(0, t));
      }
      let gain = 1;
      if (lit) {
        gain = Math.min(MOST_LIGHT, Math.max(LEAST_LIGHT, light.level + x * light.slopeX + y * light.slopeY));
      }
      if (texture !== undefined) gain *= texture(x, y);
      const a = cover * (alpha + (endAlpha - alpha) * t);
      const i = (row * CROP_SIZE + column) * 3;
      crop[i] = crop[i]! + ((red + (end[0] - red) * t) * gain * tint[0] - crop[i]!) * a;
      crop[i + 1] = crop[i + 1]! + ((green + (end[1] - green) * t) * gain * tint[1] - crop[i + 1]!) * a;
      crop[i + 2] = crop[i + 2]! + ((blue + (end[2] - blue) * t) * gain * tint[2] - crop[i + 2]!) * a;
    }
  }
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** Paints that no light changes. */
export const shadow = (alpha: number): Paint => ({ colour: BLACK, alpha, lit: false });
export const shine = (alpha: number): Paint => ({ colour: WHITE, alpha, lit: false });
