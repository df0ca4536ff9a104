import { fromSrgb, type Rgb } from '../math.ts';

/** A key light, the light from all around, and a weak light from behind that lifts hair off the background. */
export interface Light {
  /** degrees to the picture's right of the camera, and above it */
  readonly azimuth: number;
  readonly elevation: number;
  readonly key: number;
  readonly keyColour: Rgb;
  readonly ambient: number;
  readonly ambientColour: Rgb;
  readonly rim: number;
  /** factor on the finished picture: a dark shop */
  readonly exposure: number;
}

const WHITE: Rgb = [1, 1, 1];
const day: Light = {
  azimuth: -32,
  elevation: 34,
  key: 0.74,
  keyColour: [1.03, 1, 0.95],
  ambient: 0.46,
  ambientColour: [0.98, 1, 1.04],
  rim: 0.22,
  exposure: 1,
};

/** Lights as a kiosk meets them. */
export const LIGHTS = {
  shop: day,
  front: { ...day, azimuth: 4, elevation: 22, key: 0.72, ambient: 0.64 },
  left: { ...day, azimuth: -72, elevation: 20, key: 1.05, ambient: 0.34 },
  right: { ...day, azimuth: 68, elevation: 24, key: 1.05, ambient: 0.34 },
  top: { ...day, azimuth: 8, elevation: 66, key: 1.05, ambient: 0.4 },
  warm: { ...day, azimuth: 38, keyColour: [1.16, 1, 0.76], ambientColour: [1.05, 0.98, 0.88] },
  cool: { ...day, keyColour: [0.92, 1, 1.12], ambientColour: WHITE },
  dim: { ...day, exposure: 0.3 },
  dark: { ...day, exposure: 0.09 },
} as const satisfies Record<string, Light>;

/** Behind the person: transparent for compositing, one colour, or a shop out of focus. */
export type Background =
  | { readonly kind: 'transparent' }
  | { readonly kind: 'plain'; readonly colour: Rgb }
  | { readonly kind: 'shop'; readonly seed: number };

export const PLAIN: Background = { kind: 'plain', colour: fromSrgb(206, 208, 206) };
