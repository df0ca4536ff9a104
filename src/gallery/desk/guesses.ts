import { z } from 'zod';
import type { GuessConfig } from '../config.ts';
import { failedOnce, type Guesses, noGuesses, waitUntil } from '../crypto/passwords.ts';
import type { Store } from '../store/store.ts';

z.config({ jitless: true });

const schema = z.strictObject({
  failures: z.int().nonnegative(),
  retryAt: z.number().nullable(),
});

/** Counts wrong PINs on the disk, so that a reload grants no new tries. */
export class GuessCounter {
  readonly #store: Store;
  readonly #id: string;
  readonly #config: GuessConfig;
  #state: Guesses = noGuesses;

  private constructor(store: Store, id: string, config: GuessConfig) {
    this.#store = store;
    this.#id = id;
    this.#config = config;
  }

  static async open(store: Store, id: string, config: GuessConfig): Promise<GuessCounter> {
    const counter = new GuessCounter(store, id, config);
    try {
      counter.#state = (await store.meta(id, schema)) ?? noGuesses;
    } catch {
      // Damaging the count must not help an attacker.
      const failures = config.free + 10;
      counter.#state = { failures, retryAt: Date.now() + config.maxDelay };
    }
    return counter;
  }

  get failures(): number {
    return this.#state.failures;
  }
  /** milliseconds since 1970, or null: now */
  retryAt(): number | null {
    return waitUntil(this.#state, Date.now(), this.#config);
  }

  /** Counts a try as failed before it is made, so that cutting the power grants no extra try. */
  async trying(): Promise<void> {
    this.#state = failedOnce(this.#state, Date.now(), this.#config);
    await this.#store.putMeta(this.#id, this.#state);
  }

  async succeeded(): Promise<void> {
    this.#state = noGuesses;
    await this.#store.putMeta(this.#id, this.#state);
  }
}
