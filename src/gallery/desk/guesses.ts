import { wallTime } from '@rounz/core/time/clock.ts';
import { z } from 'zod';
import type { GuessConfig } from '../config.ts';
import { failedOnce, type Guesses, noGuesses, waitUntil } from '../crypto/passwords.ts';
import type { Storage } from '../store/storage.ts';

z.config({ jitless: true });

const schema = z.strictObject({
  failures: z.int().nonnegative(),
  retryAt: z.number().nullable(),
});

/** Counts wrong PINs on the disk, so that a reload grants no new tries. */
export class GuessCounter {
  readonly #storage: Storage;
  readonly #id: string;
  readonly #config: GuessConfig;
  #state: Guesses = noGuesses;

  private constructor(storage: Storage, id: string, config: GuessConfig) {
    this.#storage = storage;
    this.#id = id;
    this.#config = config;
  }

  static async open(storage: Storage, id: string, config: GuessConfig): Promise<GuessCounter> {
    const counter = new GuessCounter(storage, id, config);
    try {
      counter.#state = (await storage.meta.get(id, schema)) ?? noGuesses;
    } catch {
      // Damaging the count must not help an attacker.
      const failures = config.free + 10;
      counter.#state = { failures, retryAt: wallTime(storage.clock) + config.maxDelay };
    }
    return counter;
  }

  get failures(): number {
    return this.#state.failures;
  }
  /** milliseconds since 1970, or null: now */
  retryAt(): number | null {
    return waitUntil(this.#state, wallTime(this.#storage.clock), this.#config);
  }

  /** Counts a try as failed before it is made, so that cutting the power grants no extra try. */
  async trying(): Promise<void> {
    this.#state = failedOnce(this.#state, wallTime(this.#storage.clock), this.#config);
    await this.#storage.meta.put(this.#id, this.#state);
  }

  async succeeded(): Promise<void> {
    this.#state = noGuesses;
    await this.#storage.meta.put(this.#id, this.#state);
  }
}
