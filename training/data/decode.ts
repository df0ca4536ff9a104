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

const JPEG_START = Buffer.from([0xff, 0xd8]);
const JPEG_SCAN = Buffer.from([0xff, 0xda]);
const JPEG_END = Buffer.from([0xff, 0xd9]);
const PNG_START = Buffer.from('\x89PNG', 'latin1');
const PNG_END = Buffer.from('IEND', 'latin1');

/**
 * Whether a JPEG or PNG stops before its end. The decoder fills the rest with grey and says nothing, and grey halves of
 * faces are no pictures to learn from.
 */
export function isCutShort(bytes: Buffer): boolean {
  // A thumbnail in the header ends too, but before the picture's own scan begins.
  if (bytes.subarray(0, 2).equals(JPEG_START))
    return bytes.lastIndexOf(JPEG_END) < bytes.lastIndexOf(JPEG_SCAN);
  return bytes.subarray(0, 4).equals(PNG_START) && bytes.lastIndexOf(PNG_END) < 0;
}

/** As `decodeImage`, but also rejects a picture that was cut short. */
export async function decodeWhole(bytes: Buffer): Promise<RgbaImage> {
  if (bytes.length === 0) throw new Error('The file is empty or missing.');
  if (isCutShort(bytes)) throw new Error('The file ends in the middle of the picture.');
  return decodeImage(bytes);
}
