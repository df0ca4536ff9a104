import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';

/** Decodes a JPEG, PNG, WebP or AVIF. Rejects when the bytes are no picture. */
export async function decodeImage(bytes: Buffer): Promise<RgbaImage> {
  const picture = await loadImage(bytes);
  const canvas = createCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height);
  return { data, width, height };
}
