import type { RgbaImage } from '@rounz/core/image.ts';
import sharp from 'sharp';
import { ownBytes, UnreadablePicture } from './picture-bytes.ts';

/** Bounds of what is decoded. */
export const DECODE = {
  /** pixels of a picture: 108-megapixel telephones are in, and its 512 MB are bearable in each process */
  mostPixels: 128_000_000,
} as const;

// Several processes share the cores; one picture is seldom read twice.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a JPEG, PNG, WebP, AVIF, GIF (its first picture) or TIFF to upright sRGB; what is transparent becomes white. A
 * decoder that came short or warned has not read the picture, so that no grey or black halves become faces.
 *
 * @throws UnreadablePicture whose message is the reason
 */
export async function decodeImage(bytes: Buffer): Promise<RgbaImage> {
  const own = ownBytes(bytes);
  try {
    const { data, info } = await sharp(own, { failOn: 'warning', limitInputPixels: DECODE.mostPixels })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
    return { data: pixels, width: info.width, height: info.height };
  } catch (error) {
    throw await explained(own, error);
  }
}

/** The library's error in words that say what to do. */
async function explained(bytes: Buffer, error: unknown): Promise<UnreadablePicture> {
  const known = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!known) return new UnreadablePicture('it is no picture of a format that is read', { cause: error });
  const { width, height, format } = known;
  if (width * height > DECODE.mostPixels)
    return new UnreadablePicture(
      `it is too large: ${width} x ${height} pixels are more than ${DECODE.mostPixels / 1e6} million; make it smaller`,
      { cause: error },
    );
  // The library's own words stay the cause: they mix those of pictures that are decoded at the same time.
  return new UnreadablePicture(`its ${format} data are damaged or cut short; copy it again`, {
    cause: error,
  });
}
