import type { RgbaImage } from './image.ts';

/** What a whole picture looks like, whoever is on it: enough to notice a camera that is covered, blurred, frozen or moved. */
export interface PictureLook {
  /** mean luma (BT.601), 0..255 */
  readonly luma: number;
  /** standard deviation of luma between the blocks, 0..127.5: 0 is one plain colour */
  readonly contrast: number;
  /**
   * Mean square of the 4-neighbour Laplacian of the blocks over their variance: how much of the contrast is between neighbours.
   * The mean of a block carries little of a sensor's noise. 0 where the picture has no contrast. Rendered scenes: 0.28 to
   * 0.77 sharp, 0.03 to 0.07 blurred by a Gaussian of 8 of 640 pixels, under 0.03 from 12 on, with and without noise
   */
  readonly focus: number;
  /** hash of pixels: two pictures of a camera that runs differ by its noise at least */
  readonly print: number;
  /** mean luma of `SCENE.columns` x `SCENE.rows` fields, row by row, 0..255: too coarse to know anybody by */
  readonly scene: readonly number[];
}

/** Blocks across a picture, whatever its size. */
const BLOCKS = 80;
export const SCENE = { columns: 8, rows: 6 } as const;
/** FNV-1a, 32 bits. */
const FNV = { offset: 0x811c9dc5, prime: 0x01000193 } as const;

interface Blocks {
  readonly luma: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly print: number;
}

/** Mean luma of square blocks; what remains at the right and lower edge is left out. */
function blocksOf({ data, width, height }: RgbaImage): Blocks {
  const side = Math.max(1, Math.floor(width / BLOCKS));
  const columns = Math.floor(width / side);
  const rows = Math.floor(height / side);
  const luma = new Float32Array(columns * rows);
  const share = 1 / (side * side);
  let print: number = FNV.offset;
  for (let y = 0; y < rows * side; y++) {
    const row = Math.floor(y / side) * columns;
    for (let x = 0; x < columns * side; x++) {
      const at = 4 * (y * width + x);
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
      luma[row + Math.floor(x / side)]! += (0.299 * red + 0.587 * green + 0.114 * blue) * share;
      print = Math.imul(print ^ (red | (green << 8) | (blue << 16)), FNV.prime);
    }
  }
  return { luma, columns, rows, print: print >>> 0 };
}

/** Some milliseconds for 640x480: not for every frame. */
export function lookOf(image: RgbaImage): PictureLook {
  const { luma, columns, rows, print } = blocksOf(image);
  const count = Math.max(1, luma.length);
  const mean = luma.reduce((sum, value) => sum + value, 0) / count;
  const variance = luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  let edges = 0;
  let inner = 0;
  for (let row = 1; row < rows - 1; row++)
    for (let column = 1; column < columns - 1; column++) {
      const at = row * columns + column;
      const around = luma[at - 1]! + luma[at + 1]! + luma[at - columns]! + luma[at + columns]!;
      edges += (around - 4 * luma[at]!) ** 2;
      inner += 1;
    }
  const focus = variance > 0 && inner > 0 ? edges / inner / variance : 0;
  return { luma: mean, contrast: Math.sqrt(variance), focus, print, scene: sceneOf(luma, columns, rows) };
}

function sceneOf(luma: Float32Array, columns: number, rows: number): number[] {
  const sums = new Array<number>(SCENE.columns * SCENE.rows).fill(0);
  const counts = sums.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = Math.floor((column * SCENE.columns) / columns);
      const y = Math.floor((row * SCENE.rows) / rows);
      sums[y * SCENE.columns + x]! += luma[row * columns + column]!;
      counts[y * SCENE.columns + x]! += 1;
    }
  return sums.map((sum, i) => sum / Math.max(1, counts[i]!));
}

/** Pearson's correlation of two scenes, -1..1: light that grows or fades changes it little. 0 where one has no contrast. */
export function likeness(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, (b[i] ?? meanB) - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const spread = Math.sqrt(squaresA * squaresB);
  return spread > 0 ? both / spread : 0;
}

/** The picture turned upside down. */
export function upsideDown({ data, width, height }: RgbaImage): RgbaImage {
  const turned = new Uint8ClampedArray(4 * width * height);
  const pixels = new Uint32Array(turned.buffer);
  pixels.set(new Uint32Array(data.slice(0, 4 * width * height).buffer));
  pixels.reverse();
  return { data: turned, width, height };
}
