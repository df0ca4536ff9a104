import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { decodeImage } from '../data/decode.ts';
import { RENDERED_MARK } from '../data/rendered.ts';
import { readSource } from '../data/sources.ts';
import { sourceOf } from '../evaluation/job.ts';
import type { Mistake } from '../evaluation/mistakes.ts';

/** A picture as a data URL. */
export type Thumbnail = string;

/** `none`: no picture and no name; `blurred`: pictures beyond recognition; `shown`: as they are. */
export const THUMBNAIL_MODES = ['none', 'blurred', 'shown'] as const;
export type ThumbnailMode = (typeof THUMBNAIL_MODES)[number];

/** Sides, pixels: a shown thumbnail, and what a blurred one is shrunk to, which leaves a hue and no features. */
const SIDES: Record<Exclude<ThumbnailMode, 'none'>, number> = { shown: 112, blurred: 7 };

/** How many folders above the pictures are looked at for the mark: pictures may be in a folder for each split. */
const LEVELS = 3;

/** Whether the folder of the pictures, or one above it, is marked as holding rendered people alone. */
export function isRendered(source: string): boolean {
  let folder = resolve(source);
  for (let level = 0; level < LEVELS; level++) {
    if (existsSync(join(folder, RENDERED_MARK))) return true;
    folder = dirname(folder);
  }
  return false;
}

/** Thumbnails of the mistakes' pictures; a picture that is gone by now has none. */
export async function readThumbnails(
  source: string,
  mistakes: readonly Mistake[],
  mode: Exclude<ThumbnailMode, 'none'>,
): Promise<Map<string, Thumbnail>> {
  const found = new Map<string, Thumbnail>();
  if (!existsSync(source)) return found;
  const wanted = new Set(mistakes.flatMap(({ first, second }) => [first, second]));
  for await (const { path, bytes } of readSource(await sourceOf(source))) {
    if (!wanted.has(path)) continue;
    const picture = await decodeImage(bytes).catch(() => undefined);
    if (picture) found.set(path, thumbnailOf(picture, SIDES[mode]));
    if (found.size === wanted.size) break;
  }
  return found;
}

function thumbnailOf(image: RgbaImage, side: number): Thumbnail {
  const picture = createCanvas(image.width, image.height);
  picture.getContext('2d').putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  const crop = Math.min(picture.width, picture.height);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  const [left, top] = [(picture.width - crop) / 2, (picture.height - crop) / 2];
  context.drawImage(picture, left, top, crop, crop, 0, 0, side, side);
  return `data:image/webp;base64,${canvas.toBuffer('image/webp', 80).toString('base64')}`;
}
