import { GALLERY } from '../base/config.ts';

/** Chunks of the snapshot whose rows have changed since they were written. */
export class DirtyChunks {
  readonly #chunks = new Set<number>();

  get isEmpty(): boolean {
    return this.#chunks.size === 0;
  }

  touch(row: number): void {
    this.#chunks.add(Math.floor(row / GALLERY.snapshotRows));
  }

  /** @param length rows of the index */
  touchAll(length: number): void {
    for (let row = 0; row < length; row += GALLERY.snapshotRows) this.touch(row);
  }

  clear(): void {
    this.#chunks.clear();
  }

  /** The chunks with the rows that each holds now, for an index of that many rows; none of them is dirty from now on. */
  take(length: number): { readonly chunk: number; readonly from: number; readonly to: number }[] {
    const per = GALLERY.snapshotRows;
    const taken = [...this.#chunks]
      .filter((chunk) => chunk * per < length)
      .map((chunk) => ({ chunk, from: chunk * per, to: Math.min(length, (chunk + 1) * per) }));
    this.#chunks.clear();
    return taken;
  }
}
