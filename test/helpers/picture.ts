import { createCanvas, loadImage } from '@napi-rs/canvas';
import pixelmatch from 'pixelmatch';

/** WebP quality of the kept pictures, 0..100: text stays clean and a screen takes 10 to 25 kB. */
const QUALITY = 60;
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

/** How two pictures differ, in shares of pixels that do so visibly, 0..1; 1 where the sizes do. */
export interface Difference {
  /** of the whole picture */
  readonly share: number;
  /** of the square of `TILE` pixels that differs most: a word, a sign or a button that is another */
  readonly densest: number;
}

/** pixels: about as high as a button's words */
const TILE = 24;

export async function difference(kept: Buffer, found: Buffer): Promise<Difference> {
  if (kept.equals(found)) return { share: 0, densest: 0 };
  const [a, b] = [await decode(kept), await decode(found)];
  const { width, height } = a;
  if (width !== b.width || height !== b.height) return { share: 1, densest: 1 };
  const mask = new Uint8ClampedArray(width * height * RGBA);
  const options = { threshold: PIXEL_THRESHOLD, includeAA: false, diffMask: true };
  const differing = pixelmatch(a.data, b.data, mask, width, height, options);
  const across = Math.ceil(width / TILE);
  const tiles = new Uint32Array(across * Math.ceil(height / TILE));
  for (let pixel = 0; pixel < width * height; pixel++) {
    // The mask is clear but where pixels differ, and paints what it takes for a smoothed edge in another colour.
    if (mask[pixel * RGBA + 3] === 0 || mask[pixel * RGBA + 1] !== 0) continue;
    const tile = Math.floor(Math.floor(pixel / width) / TILE) * across + Math.floor((pixel % width) / TILE);
    tiles[tile] = tiles[tile]! + 1;
  }
  return { share: differing / (width * height), densest: Math.max(...tiles) / TILE ** 2 };
}
