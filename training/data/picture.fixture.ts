import sharp, { type Sharp } from 'sharp';

/** For tests: a drawn picture of three gradients, so that a half that is missing shows. */
export function drawing(width = 64, height = width): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set([(x * 255) / width, (y * 255) / height, (x * y) % 256], (y * width + x) * 3);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** For tests: the same as JPEG. */
export const jpeg = (side = 64): Promise<Buffer> => drawing(side).jpeg({ quality: 90 }).toBuffer();
