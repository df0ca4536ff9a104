/** A point or direction in head space: x to the picture's right, y up, z towards the viewer; 1 unit is 100 mm. */
export type Vec3 = readonly [x: number, y: number, z: number];
/** Linear-light RGB, 1 is white. */
export type Rgb = readonly [r: number, g: number, b: number];

export const clamp = (value: number, low = 0, high = 1): number => Math.max(low, Math.min(high, value));
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** Cubic step from 0 at `a` to 1 at `b`; `a` may be the larger. */
export function smooth(a: number, b: number, value: number): number {
  const t = clamp((value - a) / (b - a));
  return t * t * (3 - 2 * t);
}

/** Unnormalised Gaussian, 1 at 0, e^-1 at `width`. */
export const bell = (value: number, width: number): number => Math.exp(-((value / width) ** 2));
export const bell2 = (x: number, y: number, wx: number, wy: number): number =>
  Math.exp(-((x / wx) ** 2) - (y / wy) ** 2);

export const add = (a: Vec3, b: Vec3, scale = 1): Vec3 => [
  a[0] + b[0] * scale,
  a[1] + b[1] * scale,
  a[2] + b[2] * scale,
];
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export function normalise(a: Vec3): Vec3 {
  const length = Math.hypot(a[0], a[1], a[2]) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** sRGB bytes to linear light (the 2.2 approximation, undone in the same way on output). */
export const fromSrgb = (r: number, g: number, b: number): Rgb => [
  (r / 255) ** 2.2,
  (g / 255) ** 2.2,
  (b / 255) ** 2.2,
];
export const mixRgb = (a: Rgb, b: Rgb, t: number): Rgb => [
  mix(a[0], b[0], t),
  mix(a[1], b[1], t),
  mix(a[2], b[2], t),
];
