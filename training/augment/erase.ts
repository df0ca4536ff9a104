import type { Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';

/** The paper's loop repeats until the rectangle fits; this many tries fail once in far more than a training run. */
const TRIES = 100;

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Random Erasing (Zhong et al. 2017, algorithm 1): a rectangle of random area and aspect, filled with noise or a colour. */
export function applyErase(
  pixels: Uint8ClampedArray,
  size: number,
  config: AugmentConfig['erase'],
  rng: Rng,
): void {
  if (!rng.chance(config.probability)) return;
  const rectangle = drawRectangle(size, config, rng);
  if (rectangle === undefined) return;
  const { left, top, width, height } = rectangle;
  const plain = rng.chance(config.plain);
  const colour = [rng.below(256), rng.below(256), rng.below(256)] as const;
  for (let row = top; row < top + height; row++) {
    const start = (row * size + left) * 3;
    for (let i = start; i < start + width * 3; i += 3) {
      pixels[i] = plain ? colour[0] : rng.below(256);
      pixels[i + 1] = plain ? colour[1] : rng.below(256);
      pixels[i + 2] = plain ? colour[2] : rng.below(256);
    }
  }
}

/** Area share and aspect uniform as in the paper's algorithm; undefined when no rectangle fitted. */
export function drawRectangle(
  size: number,
  config: Pick<AugmentConfig['erase'], 'area' | 'aspect'>,
  rng: Rng,
): Rectangle | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = size * size * rng.between(...config.area);
    const aspect = rng.between(config.aspect, 1 / config.aspect);
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    const left = rng.below(size);
    const top = rng.below(size);
    const fits = width >= 1 && height >= 1 && left + width <= size && top + height <= size;
    if (fits) return { left, top, width, height };
  }
  return undefined;
}
