import { CROP_SIZE } from '../warp.ts';

/** A closed polygon, flat: x0, y0, x1, y1, ... in pixels of the crop; (0, 0) is the outer corner of the first pixel. */
export type Polygon = readonly number[];

/** Share of each of the crop's pixels that a shape covers; zero outside the box. */
export interface Coverage {
  readonly data: Float32Array;
  /** the box, pixels; right and bottom exclusive */
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const SIDE = CROP_SIZE;
/** One column more than the picture takes what lies to its right. */
const STRIDE = SIDE + 2;
const winding = new Float32Array(SIDE * STRIDE);

export const createCoverage = (): Coverage => ({
  data: new Float32Array(SIDE * SIDE),
  left: 0,
  top: 0,
  right: 0,
  bottom: 0,
});

/**
 * Exact-area anti-aliasing: each edge adds its signed area to the pixels that it crosses, sums along the rows give the
 * winding (the method of FreeType's smooth rasteriser and of Levien's font-rs). Polygons wound the other way cut holes;
 * overlaps of the same winding stay covered once.
 */
export function rasterise(polygons: readonly Polygon[], out: Coverage): Coverage {
  clear(out);
  let minX = SIDE;
  let maxX = 0;
  let minY = SIDE;
  let maxY = 0;
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      minX = Math.min(minX, polygon[i]!);
      maxX = Math.max(maxX, polygon[i]!);
      minY = Math.min(minY, polygon[i + 1]!);
      maxY = Math.max(maxY, polygon[i + 1]!);
    }
  }
  if (!(maxX > 0 && maxY > 0 && minX < SIDE && minY < SIDE)) return out;
  out.left = Math.max(0, Math.floor(minX));
  out.top = Math.max(0, Math.floor(minY));
  out.right = Math.min(SIDE, Math.ceil(maxX));
  out.bottom = Math.min(SIDE, Math.ceil(maxY));
  for (const polygon of polygons) addEdges(polygon);
  for (let row = out.top; row < out.bottom; row++) {
    let sum = 0;
    for (let column = out.left; column < out.right; column++) {
      sum += winding[row * STRIDE + column]!;
      out.data[row * SIDE + column] = Math.min(1, Math.abs(sum));
    }
    winding.fill(0, row * STRIDE + out.left, row * STRIDE + out.right + 2);
  }
  return out;
}

function addEdges(polygon: Polygon): void {
  const last = polygon.length - 2;
  let x0 = polygon[last]!;
  let y0 = polygon[last + 1]!;
  for (let i = 0; i <= last; i += 2) {
    const x1 = polygon[i]!;
    const y1 = polygon[i + 1]!;
    if (y0 < y1) addEdge(x0, y0, x1, y1, 1);
    else if (y1 < y0) addEdge(x1, y1, x0, y0, -1);
    x0 = x1;
    y0 = y1;
  }
}

/** `yTop` < `yBottom`. */
function addEdge(xTop: number, yTop: number, xBottom: number, yBottom: number, direction: number): void {
  const slope = (xBottom - xTop) / (yBottom - yTop);
  const first = Math.max(0, Math.floor(yTop));
  const end = Math.min(SIDE, Math.ceil(yBottom));
  for (let row = first; row < end; row++) {
    const from = Math.max(yTop, row);
    const to = Math.min(yBottom, row + 1);
    if (to <= from) continue;
    const a = Math.min(SIDE, Math.max(0, xTop + (from - yTop) * slope));
    const b = Math.min(SIDE, Math.max(0, xTop + (to - yTop) * slope));
    addSpan(row * STRIDE, Math.min(a, b), Math.max(a, b), (to - from) * direction);
  }
}

/** Spreads an edge's height within one row over the columns from x0 to x1. */
function addSpan(line: number, x0: number, x1: number, height: number): void {
  const first = Math.floor(x0);
  const last = Math.floor(x1);
  if (first === last) {
    const middle = (x0 + x1) / 2 - first;
    winding[line + first] = winding[line + first]! + height * (1 - middle);
    winding[line + first + 1] = winding[line + first + 1]! + height * middle;
    return;
  }
  const perColumn = height / (x1 - x0);
  for (let column = first; column <= last; column++) {
    const from = Math.max(x0, column);
    const to = Math.min(x1, column + 1);
    const share = (to - from) * perColumn;
    const middle = (from + to) / 2 - column;
    winding[line + column] = winding[line + column]! + share * (1 - middle);
    winding[line + column + 1] = winding[line + column + 1]! + share * middle;
  }
}

function clear(coverage: Coverage): void {
  for (let row = coverage.top; row < coverage.bottom; row++) {
    coverage.data.fill(0, row * SIDE + coverage.left, row * SIDE + coverage.right);
  }
  coverage.left = coverage.top = coverage.right = coverage.bottom = 0;
}

/** Multiplies by another shape's coverage, in place. */
export function intersect(coverage: Coverage, other: Coverage): Coverage {
  for (let row = coverage.top; row < coverage.bottom; row++) {
    for (let i = row * SIDE + coverage.left; i < row * SIDE + coverage.right; i++) {
      coverage.data[i] = coverage.data[i]! * other.data[i]!;
    }
  }
  return coverage;
}

const line = new Float32Array(SIDE);

/** Two passes of a box of `2 * radius + 1` pixels each way, in place: a soft edge about `radius` wide. */
export function soften(coverage: Coverage, radius: number): Coverage {
  const reach = Math.round(radius);
  if (reach < 1 || coverage.right <= coverage.left) return coverage;
  coverage.left = Math.max(0, coverage.left - 2 * reach);
  coverage.top = Math.max(0, coverage.top - 2 * reach);
  coverage.right = Math.min(SIDE, coverage.right + 2 * reach);
  coverage.bottom = Math.min(SIDE, coverage.bottom + 2 * reach);
  const { data, left, top, right, bottom } = coverage;
  for (let pass = 0; pass < 2; pass++) {
    for (let row = top; row < bottom; row++) boxLine(data, row * SIDE + left, 1, right - left, reach);
    for (let column = left; column < right; column++) {
      boxLine(data, top * SIDE + column, SIDE, bottom - top, reach);
    }
  }
  return coverage;
}

function boxLine(data: Float32Array, start: number, step: number, length: number, reach: number): void {
  const weight = 1 / (2 * reach + 1);
  for (let i = 0; i < length; i++) line[i] = data[start + i * step]!;
  let sum = 0;
  // Beyond the box the edge value goes on: a shape that runs out of the picture does not fade at its border.
  for (let i = -reach; i <= reach; i++) sum += line[Math.min(length - 1, Math.max(0, i))]!;
  for (let i = 0; i < length; i++) {
    data[start + i * step] = sum * weight;
    sum += line[Math.min(length - 1, i + reach + 1)]! - line[Math.max(0, i - reach)]!;
  }
}
