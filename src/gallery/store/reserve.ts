import { GALLERY } from '../base/config.ts';
import { isFull } from '../base/errors.ts';
import { joined, randomBytes } from '../crypto/bytes.ts';
import type { FileStore } from './files.ts';

const FILE = 'reserve';
/** bytes that a browser gives at a time */
const AT_A_TIME = 1 << 16;

/**
 * Room that is kept for what must never fail because a disk is full: to open the console, to erase a person, to write that down.
 * It is a file of no meaning, which is removed when such a write finds no room.
 */
export class Reserve {
  readonly #files: FileStore;
  #spent = false;

  constructor(files: FileStore) {
    this.#files = files;
  }

  /** Whether it was used up: until it is there again, whatever can wait is refused. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Makes the reserve where it is missing and there is room for it. */
  async fill(): Promise<void> {
    if ((await this.#files.list()).includes(FILE)) return;
    const parts = Array.from({ length: GALLERY.reserveBytes / AT_A_TIME }, () => randomBytes(AT_A_TIME));
    try {
      await this.#files.write(FILE, joined(parts));
      this.#spent = false;
    } catch (error) {
      // A half-written file would pass for the whole.
      await this.#files.remove(FILE).catch(() => {});
      if (!isFull(error)) throw error;
    }
  }

  /** Runs work that may be repeated; where it finds no room, once more with the reserve's. */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error) || this.#spent) throw error;
      this.#spent = true;
      await this.#files.remove(FILE);
      return work();
    }
  }
}
