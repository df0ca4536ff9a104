/** Pixels of a module. */
const MODULE = 4;

export interface Raster {
  /** RGBA */
  readonly data: Uint8ClampedArray;
  /** pixels of a side */
  readonly size: number;
}

/** Draws the markup of a QR code, whose path is of rectangles `Mx yhWv1HXz`, as a picture. */
export function rastered(svg: string): Raster {
  const modules = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
  const path = /<path d="([^"]+)"/.exec(svg)![1]!;
  const size = modules * MODULE;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
    for (let row = Number(y) * MODULE; row < (Number(y) + 1) * MODULE; row++)
      for (let column = Number(x) * MODULE; column < (Number(x) + Number(width)) * MODULE; column++)
        data.fill(0, 4 * (row * size + column), 4 * (row * size + column) + 3);
  return { data, size };
}
