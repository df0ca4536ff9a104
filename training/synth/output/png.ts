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

/** Pictures side by side in rows, for looking at many at once. */
export function contactSheet(images: readonly RgbaImage[], columns: number) {
  const { width, height } = images[0]!;
  const sheet = createCanvas(width * columns, height * Math.ceil(images.length / columns));
  const context = sheet.getContext('2d');
  images.forEach((image, i) => {
    context.drawImage(toCanvas(image), (i % columns) * width, Math.floor(i / columns) * height);
  });
  return sheet;
}
