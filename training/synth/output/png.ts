import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';

/** Puts a picture on a canvas of its own. */
export function toCanvas(image: RgbaImage) {
  const canvas = createCanvas(image.width, image.height);
  canvas
    .getContext('2d')
    .putImageData(new ImageData(new Uint8ClampedArray(image.data), image.width, image.height), 0, 0);
  return canvas;
}
