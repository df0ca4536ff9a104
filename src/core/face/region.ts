import type { AlignedCrop } from '../image.ts';

/** Mean colour of part of a crop, 0..255 each. */
export interface MeanColour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** BT.601 luma of a colour, 0..255. */
export const lumaOf = ({ red, green, blue }: MeanColour): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/**
 * Mean colour over the pixels whose centres lie inside some outlines of mesh points (even-odd rule). `cropMesh` holds x
 * and y in the crop's pixels. Undefined where no pixel lies inside.
 */
export function meanColour(
  crop: AlignedCrop,
  cropMesh: Float32Array,
  outlines: readonly (readonly number[])[],
): MeanColour | undefined {
  const sum = [0, 0, 0];
  let count = 0;
  for (const outline of outlines)
    for (const { row, from, to } of spansOf(outlinePoints(cropMesh, outline), crop.size))
      for (let column = from; column <= to; column++) {
        const i = (row * crop.size + column) * 3;
        for (let channel = 0; channel < 3; channel++) sum[channel]! += crop.data[i + channel]!;
        count++;
      }
  if (count === 0) return undefined;
  return { red: sum[0]! / count, green: sum[1]! / count, blue: sum[2]! / count };
}

const outlinePoints = (cropMesh: Float32Array, outline: readonly number[]) =>
  outline.map((index) => [cropMesh[2 * index]!, cropMesh[2 * index + 1]!] as const);

interface Span {
  readonly row: number;
  /** first and last column, both inside */
  readonly from: number;
  readonly to: number;
}

function* spansOf(polygon: readonly (readonly [number, number])[], size: number): Generator<Span> {
  for (let row = 0; row < size; row++) {
    const crossings = crossingsOf(polygon, row + 0.5);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k]! - 0.5));
      const to = Math.min(size - 1, Math.floor(crossings[k + 1]! - 0.5));
      if (from <= to) yield { row, from, to };
    }
  }
}

function crossingsOf(polygon: readonly (readonly [number, number])[], y: number): number[] {
  const crossings: number[] = [];
  polygon.forEach(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    if (y0 > y !== y1 > y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  });
  return crossings.sort((p, q) => p - q);
}
