import type { Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';

/** ITU-R BT.601 luma weights in 1/256. */
const LUMA_R = 77;
const LUMA_G = 150;
const LUMA_B = 29;
/** Full deflection of the colour temperature changes red and blue by this share. */
const TEMPERATURE_GAIN = 0.25;

const lut = new Uint8ClampedArray(3 * 256);

/** Exposure, contrast, gamma and temperature as one table for each channel, then saturation, in one pass in place. */
export function applyColour(pixels: Uint8ClampedArray, config: AugmentConfig['colour'], rng: Rng): void {
  const active = rng.chance(config.probability);
  const grey = rng.chance(config.grey);
  if (!active && !grey) return;
  let saturation = 1;
  if (active) {
    saturation = rng.between(...config.saturation);
    fillTable(config, rng);
    for (let i = 0; i < pixels.length; i += 3) {
      pixels[i] = lut[pixels[i]!]!;
      pixels[i + 1] = lut[256 + pixels[i + 1]!]!;
      pixels[i + 2] = lut[512 + pixels[i + 2]!]!;
    }
  }
  if (grey) saturation = 0;
  if (saturation !== 1) saturate(pixels, saturation);
}

function fillTable(config: AugmentConfig['colour'], rng: Rng): void {
  const brightness = rng.between(...config.brightness);
  const contrast = rng.between(...config.contrast);
  const gamma = rng.between(...config.gamma);
  const warmth = rng.between(...config.temperature) * TEMPERATURE_GAIN;
  const gains = [1 + warmth, 1, 1 - warmth];
  for (let value = 0; value < 256; value++) {
    const level = (255 * (value / 255) ** gamma - 127.5) * contrast + 127.5 + brightness;
    for (let channel = 0; channel < 3; channel++) lut[channel * 256 + value] = level * gains[channel]!;
  }
}

/** Moves each pixel from (0: onto, above 1: away from) its grey, in place. */
export function saturate(pixels: Uint8ClampedArray, saturation: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const r = pixels[i]!;
    const g = pixels[i + 1]!;
    const b = pixels[i + 2]!;
    const luma = (LUMA_R * r + LUMA_G * g + LUMA_B * b) / 256;
    pixels[i] = luma + (r - luma) * saturation;
    pixels[i + 1] = luma + (g - luma) * saturation;
    pixels[i + 2] = luma + (b - luma) * saturation;
  }
}
