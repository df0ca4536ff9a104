import { createCanvas, loadImage } from '@napi-rs/canvas';
import pixelmatch from 'pixelmatch';

/** WebP quality of the kept pictures, 0..100: text stays clean and a screen takes 15 to 30 kB. */
const QUALITY = 72;
/** Colour difference of one pixel that counts, 0..1, above what WebP does. */
const PIXEL_THRESHOLD = 0.25;

const RGBA = 4;

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

async function decode(picture: Buffer): Promise<Pixels> {
  const image = await loadImage(picture);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

/** A screenshot (PNG) as it is kept: WebP. */
export async function toWebp(png: Buffer): Promise<Buffer> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.encode('webp', QUALITY);
}

/** Share of pixels that differ visibly, 0..1; 1 where the sizes do. */
export async function difference(kept: Buffer, found: Buffer): Promise<number> {
  const [a, b] = [await decode(kept), await decode(found)];
  if (a.width !== b.width || a.height !== b.height || a.data.length !== a.width * a.height * RGBA) return 1;
  const options = { threshold: PIXEL_THRESHOLD, includeAA: false };
  return pixelmatch(a.data, b.data, undefined, a.width, a.height, options) / (a.width * a.height);
}
