import type { RgbaImage } from '../image.ts';

/**
 * A picture and its halvings, made when first asked for. Level k has a pixel for each 2^k x 2^k block of the picture (a
 * position (x, y) of the picture is (x / 2^k, y / 2^k) there), the block's mean: the prefilter for shrinking.
 */
export interface Pyramid {
  readonly base: RgbaImage;
  level(index: number): RgbaImage;
}

/** Wraps a picture. Throws a RangeError when its buffer doesn't hold `width * height` RGBA pixels. */
export function buildPyramid(base: RgbaImage): Pyramid {
  const pixels = base.width * base.height;
  if (!(base.width >= 1) || !(base.height >= 1) || base.data.length < pixels * 4)
    throw new RangeError(
      `A picture of ${base.width}x${base.height} needs ${pixels * 4} bytes of RGBA; got ${base.data.length}.`,
    );
  const levels: RgbaImage[] = [base];
  return {
    base,
    level(index) {
      while (levels.length <= index) levels.push(halve(levels.at(-1)!));
      return levels[index]!;
    },
  };
}

/** The picture's pyramid, also where it was built already. Throws as `buildPyramid`. */
export const pyramidOf = (picture: RgbaImage | Pyramid): Pyramid =>
  'level' in picture ? picture : buildPyramid(picture);

/** Mean of each 2x2 block; an odd last row or column stands for its missing neighbour too. */
function halve({ data, width, height }: RgbaImage): RgbaImage {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const out = new Uint8ClampedArray(halfWidth * halfHeight * 4);
  let to = 0;
  for (let y = 0; y < halfHeight; y++) {
    const top = 2 * y * width * 4;
    const bottom = Math.min(2 * y + 1, height - 1) * width * 4;
    for (let x = 0; x < halfWidth; x++) {
      const left = 8 * x;
      const right = 2 * x + 1 < width ? left + 4 : left;
      for (let channel = 0; channel < 4; channel++)
        out[to++] =
          (data[top + left + channel]! +
            data[top + right + channel]! +
            data[bottom + left + channel]! +
            data[bottom + right + channel]! +
            2) >>
          2;
    }
  }
  return { data: out, width: halfWidth, height: halfHeight };
}
