function hash(x: number, y: number, z: number): number {
  let h = (Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(z, 1440662683)) | 0;
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Uniform value in [0, 1) fixed by two integers. */
export const hash2 = (x: number, y: number): number => hash(x, y, 7);

/** Value noise in [0, 1), smooth, period 2^32. */
export function noise(x: number, y: number, z: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  let u = x - i;
  let v = y - j;
  let w = z - k;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  w = w * w * (3 - 2 * w);
  const a = hash(i, j, k) + (hash(i + 1, j, k) - hash(i, j, k)) * u;
  const b = hash(i, j + 1, k) + (hash(i + 1, j + 1, k) - hash(i, j + 1, k)) * u;
  const c = hash(i, j, k + 1) + (hash(i + 1, j, k + 1) - hash(i, j, k + 1)) * u;
  const d = hash(i, j + 1, k + 1) + (hash(i + 1, j + 1, k + 1) - hash(i, j + 1, k + 1)) * u;
  const front = a + (b - a) * v;
  return front + (c + (d - c) * v - front) * w;
}

/** Two-dimensional value noise: half the cost of `noise`. */
export function noise2(x: number, y: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  let u = x - i;
  let v = y - j;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  const a = hash(i, j, 3);
  const b = hash(i, j + 1, 3);
  const top = a + (hash(i + 1, j, 3) - a) * u;
  return top + (b + (hash(i + 1, j + 1, 3) - b) * u - top) * v;
}

/** Three octaves of `noise`, in [0, 1). */
export const fractal = (x: number, y: number, z: number): number =>
  (noise(x, y, z) * 4 + noise(x * 2.1, y * 2.1, z * 2.1) * 2 + noise(x * 4.3, y * 4.3, z * 4.3)) / 7;
