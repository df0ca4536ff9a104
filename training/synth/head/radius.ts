import type { Vec3 } from '../math.ts';

/** Cells around and from pole to pole: one every 3.75 degrees. */
const COLUMNS = 96;
const ROWS = 48;

/** A star-shaped surface by its distance from a centre: a quick test whether a point lies within. */
export class RadiusMap {
  readonly centre: Vec3;
  readonly #cells = new Float32Array(COLUMNS * (ROWS + 1));

  /** @param vertices xyz triples that cover the surface densely */
  constructor(centre: Vec3, vertices: Float32Array) {
    this.centre = centre;
    for (let n = 0; n < vertices.length; n += 3) {
      const x = vertices[n]! - centre[0];
      const y = vertices[n + 1]! - centre[1];
      const z = vertices[n + 2]! - centre[2];
      const r = Math.hypot(x, y, z);
      const cell = this.#index(Math.atan2(x, z), Math.asin(y / (r || 1)));
      this.#cells[cell] = Math.max(this.#cells[cell]!, r);
    }
    this.#fill();
  }

  /** Distance from the centre to the surface in the direction of a point. */
  towards(x: number, y: number, z: number): number {
    const dx = x - this.centre[0];
    const dy = y - this.centre[1];
    const dz = z - this.centre[2];
    const r = Math.hypot(dx, dy, dz) || 1;
    const u = (Math.atan2(dx, dz) / (2 * Math.PI) + 0.5) * COLUMNS - 0.5;
    const v = Math.min(ROWS - 0.001, Math.max(0, (Math.asin(dy / r) / Math.PI + 0.5) * ROWS - 0.5));
    const i = Math.floor(u);
    const j = Math.floor(v);
    const cell = (a: number, b: number): number =>
      this.#cells[Math.min(ROWS - 1, b) * COLUMNS + ((a + COLUMNS) % COLUMNS)]!;
    const low = cell(i, j) + (cell(i + 1, j) - cell(i, j)) * (u - i);
    const high = cell(i, j + 1) + (cell(i + 1, j + 1) - cell(i, j + 1)) * (u - i);
    return low + (high - low) * (v - j);
  }

  #index(lon: number, lat: number): number {
    const i = Math.min(COLUMNS - 1, Math.floor((lon / (2 * Math.PI) + 0.5) * COLUMNS));
    const j = Math.min(ROWS - 1, Math.floor((lat / Math.PI + 0.5) * ROWS));
    return j * COLUMNS + i;
  }

  /** Cells that no vertex fell into take the mean of their neighbours, nearest rows first. */
  #fill(): void {
    for (let pass = 0; pass < COLUMNS; pass++) {
      let left = 0;
      const before = this.#cells.slice();
      for (let j = 0; j < ROWS; j++) {
        for (let i = 0; i < COLUMNS; i++) {
          if (before[j * COLUMNS + i]! > 0) continue;
          const around = [
            before[j * COLUMNS + ((i + 1) % COLUMNS)]!,
            before[j * COLUMNS + ((i + COLUMNS - 1) % COLUMNS)]!,
            j > 0 ? before[(j - 1) * COLUMNS + i]! : 0,
            j < ROWS - 1 ? before[(j + 1) * COLUMNS + i]! : 0,
          ].filter((r) => r > 0);
          if (around.length === 0) left++;
          else this.#cells[j * COLUMNS + i] = around.reduce((a, b) => a + b) / around.length;
        }
      }
      if (left === 0) return;
    }
  }
}
