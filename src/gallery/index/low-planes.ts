import type { TemplateIndex } from '@rounz/core/match/template-index.ts';
import type { ChunkBlock, Snapshot } from './snapshot.ts';

/** Rows of a snapshot's block that are in the index without their low planes. */
export interface PartialBlock {
  readonly block: ChunkBlock;
  /** of the index, where the block begins */
  readonly first: number;
}

export interface LowPlanesDeps {
  readonly snapshot: Pick<Snapshot, 'low' | 'readLowAhead'>;
  /** the current one */
  readonly index: () => TemplateIndex | null;
  /** Puts the records' rows in the place of these; rejects where that fails. */
  readonly replace: (ids: readonly string[], index: TemplateIndex) => Promise<void>;
}

/**
 * The low planes that a large gallery's index lacks after its start. Nobody may move or write rows before `complete` has
 * resolved: a moved row would get another's planes, a written one none.
 */
export class LowPlanes {
  readonly #deps: LowPlanesDeps;
  #partial: readonly PartialBlock[] = [];
  /** ids of rows whose planes could not be read */
  readonly #lacking = new Set<string>();
  #completing: Promise<void> | null = null;

  constructor(deps: LowPlanesDeps) {
    this.#deps = deps;
  }

  /** Whether all rows have theirs. */
  get isComplete(): boolean {
    return this.#completing === null && !this.#isLeft;
  }

  get #isLeft(): boolean {
    return this.#partial.length + this.#lacking.size > 0;
  }

  /** Blocks that are in the current index without their planes. */
  expect(partial: readonly PartialBlock[]): void {
    this.#partial = partial;
  }

  /** Another index takes the current one's place. */
  reset(): void {
    this.#partial = [];
    this.#lacking.clear();
  }

  /** Reads what has not come; rows whose planes cannot be read are replaced. Rejects where that fails: the next call tries again. */
  complete(): Promise<void> {
    if (this.#isLeft) this.#completing ??= this.#completeNow();
    return this.#completing ?? Promise.resolve();
  }

  async #completeNow(): Promise<void> {
    // Begins after `complete` has kept the promise that is taken away at the end.
    await Promise.resolve();
    try {
      for (let index = this.#deps.index(); index && this.#isLeft; index = this.#deps.index()) {
        const partial = this.#partial;
        this.#partial = [];
        for (const id of await this.read(partial, index)) this.#lacking.add(id);
        if (index !== this.#deps.index() || this.#lacking.size === 0) continue;
        await this.#deps.replace([...this.#lacking], index);
        if (index === this.#deps.index()) this.#lacking.clear();
      }
    } finally {
      this.#completing = null;
    }
  }

  /** @returns ids of rows whose planes cannot be read; none where another index took the place of this one meanwhile */
  async read(partial: readonly PartialBlock[], index: TemplateIndex): Promise<readonly string[]> {
    if (partial.length > 0) this.#deps.snapshot.readLowAhead();
    const lacking: string[] = [];
    for (const { block, first } of partial) {
      const low = await this.#deps.snapshot.low(block);
      if (index !== this.#deps.index()) return [];
      if (low) index.putLow(first, low);
      else lacking.push(...block.personIds);
    }
    return lacking;
  }
}
