import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbaImage } from '@rounz/core/image.ts';
import { decodeImage } from '../data/decode.ts';

const PICTURE = /\.(jpe?g|png|webp)$/i;

/**
 * Portraits of a folder and the folders in it, cut to a square around their upper middle.
 * @throws Error where the folder holds no picture
 */
export async function readPortraits(folder: string): Promise<RgbaImage[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    PICTURE.test(name),
  );
  if (names.length === 0)
    throw new Error(`There is no JPEG, PNG or WebP picture in ${folder}. Name a folder of portraits.`);
  const pictures = await Promise.all(
    names.sort().map((name) => decodeImage(readFileSync(join(folder, name)))),
  );
  return pictures.map(square);
}

/** The square of full width whose middle is where portraits have their face: at two fifths of the height. */
function square({ data, width, height }: RgbaImage): RgbaImage {
  const side = Math.min(width, height);
  const left = Math.floor((width - side) / 2);
  const top = Math.floor(Math.min(height - side, Math.max(0, height * 0.4 - side / 2)));
  const cut = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * 4;
    cut.set(data.subarray(from, from + side * 4), y * side * 4);
  }
  return { data: cut, width: side, height: side };
}
