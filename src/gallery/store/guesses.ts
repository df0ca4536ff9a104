import { wallTime } from '@rounz/core/time/clock.ts';
import { z } from 'zod';
import type { GuessConfig, LookupGuessConfig } from '../base/config.ts';
import type { Storage } from './storage.ts';

z.config({ jitless: true });

/**
 * Wrong tries in a row, and how long the next has to wait, milliseconds. A wait runs on the monotonic clock alone, so that no
 * change of the system's clock ends or prolongs it. A restart begins it anew, because the time that the kiosk was off is unknown.
 */
const guessesSchema = z.strictObject({
  failures: z.int().nonnegative(),
  wait: z.number().positive().nullable(),
});
type Guesses = z.infer<typeof guessesSchema>;

const NO_GUESSES: Guesses = { failures: 0, wait: null };
/** Failures that a count which was damaged or removed stands for: beyond those that cost nothing. */
const DAMAGE = 10;

function failedOnce({ failures }: Guesses, { free, firstDelay, maxDelay }: GuessConfig): Guesses {
  const count = failures + 1;
  if (count < free) return { failures: count, wait: null };
  return { failures: count, wait: Math.min(maxDelay, firstDelay * 2 ** Math.min(30, count - free)) };
}

/** As the version before kept it: until when to wait. */
const datedSchema = z
  .strictObject({ failures: z.int().nonnegative(), retryAt: z.number().nullable() })
  .transform(({ failures }) => failures);

/** Counts wrong PINs of staff on the disk, so that a reload grants no new tries. */
export class GuessCounter {
  readonly #storage: Storage;
  readonly #id: string;
  readonly #config: GuessConfig;
  #state: Guesses = NO_GUESSES;
  /** on the monotonic clock */
  #until = 0;
  #cancelTimer = (): void => {};

  private constructor(storage: Storage, id: string, config: GuessConfig) {
    this.#storage = storage;
    this.#id = id;
    this.#config = config;
  }

  /** @param expected whether there has to be a count: one that is missing then was removed, and counts as damaged */
  static async open(
    storage: Storage,
    id: string,
    config: GuessConfig,
    expected: boolean,
  ): Promise<GuessCounter> {
    const counter = new GuessCounter(storage, id, config);
    const before = (failures: number) => failedOnce({ failures: failures - 1, wait: null }, config);
    const schema = z.union([guessesSchema, datedSchema.transform((n) => (n === 0 ? NO_GUESSES : before(n)))]);
    const damaged = (): Guesses => ({ failures: config.free + DAMAGE, wait: config.maxDelay });
    const kept = await storage.meta.get(id, schema).catch(damaged);
    counter.#begin(kept ?? (expected ? damaged() : NO_GUESSES));
    return counter;
  }

  get failures(): number {
    return this.#state.failures;
  }

  /** When the next try may be made, milliseconds since 1970; null: now. */
  retryAt(): number | null {
    const { clock } = this.#storage;
    const remaining = this.#until - clock.now();
    return this.#state.wait === null || remaining <= 0 ? null : wallTime(clock) + remaining;
  }

  /** Counts a try as failed before it is made, so that cutting the power grants no extra try. */
  async trying(): Promise<void> {
    await this.#keep(failedOnce(this.#state, this.#config));
  }

  /** Also writes the count for the first time, when a PIN is set. */
  async succeeded(): Promise<void> {
    await this.#keep(NO_GUESSES);
  }

  close(): void {
    this.#cancelTimer();
  }

  async #keep(state: Guesses): Promise<void> {
    this.#begin(state);
    await this.#storage.meta.put(this.#id, state);
  }

  #begin(state: Guesses): void {
    const { clock } = this.#storage;
    this.#cancelTimer();
    this.#state = state;
    const { failures, wait } = state;
    if (wait === null) return;
    this.#until = clock.now() + wait;
    // A wait that is over is not begun anew by the next start.
    const over = () => void this.#storage.meta.put(this.#id, { failures, wait: null }).catch(() => {});
    this.#cancelTimer = clock.after(wait, over);
  }
}

const lookupSchema = z.strictObject({
  /** by the number's tag */
  numbers: z.record(z.string(), guessesSchema),
  /** wrong tries at any number that have not been forgotten yet */
  level: z.number().nonnegative(),
});
type LookupState = z.infer<typeof lookupSchema>;

/**
 * Counts wrong PINs of customers: for each number by itself, so that a stranger locks out nobody else and an own success wins
 * no tries at another's number; and for the whole kiosk, against one PIN tried at many numbers. The kiosk's count is a leaky
 * bucket: wrong tries leave it one by one while the kiosk runs.
 */
export class LookupGuesses {
  readonly #storage: Storage;
  readonly #id: string;
  readonly #config: LookupGuessConfig;
  readonly #numbers: Map<string, Guesses>;
  /** on the monotonic clock, by the number's tag */
  readonly #until = new Map<string, number>();
  #level: number;
  #levelAt: number;

  private constructor(storage: Storage, id: string, config: LookupGuessConfig, state: LookupState) {
    this.#storage = storage;
    this.#id = id;
    this.#config = config;
    this.#numbers = new Map(Object.entries(state.numbers));
    this.#level = state.level;
    this.#levelAt = storage.clock.now();
    for (const [tag, { wait }] of this.#numbers)
      if (wait !== null) this.#until.set(tag, this.#levelAt + wait);
  }

  /** @param expected as in `GuessCounter.open` */
  static async open(
    storage: Storage,
    id: string,
    config: LookupGuessConfig,
    expected: boolean,
  ): Promise<LookupGuesses> {
    const full: LookupState = { numbers: {}, level: config.kiosk.capacity };
    const dated = datedSchema.transform(
      (failures): LookupState => ({ ...full, level: Math.min(failures, full.level) }),
    );
    const kept = await storage.meta.get(id, z.union([lookupSchema, dated])).catch(() => full);
    const guesses = new LookupGuesses(
      storage,
      id,
      config,
      kept ?? (expected ? full : { numbers: {}, level: 0 }),
    );
    if (!kept) await guesses.#write();
    return guesses;
  }

  /**
   * When the next PIN may be tried at this number, milliseconds since 1970; null: now.
   *
   * @param tag of the number
   */
  retryAt(tag: string): number | null {
    const { clock } = this.#storage;
    const { capacity, drainEvery } = this.#config.kiosk;
    const own = (this.#until.get(tag) ?? 0) - clock.now();
    const kiosk = (this.#drained() + 1 - capacity) * drainEvery;
    const remaining = Math.max(own, kiosk);
    return remaining <= 0 ? null : wallTime(clock) + remaining;
  }

  /** Counts a try as failed before it is made. */
  async trying(tag: string): Promise<void> {
    const guesses = failedOnce(this.#numbers.get(tag) ?? NO_GUESSES, this.#config.number);
    this.#numbers.delete(tag);
    this.#numbers.set(tag, guesses);
    if (guesses.wait !== null) this.#until.set(tag, this.#storage.clock.now() + guesses.wait);
    this.#setLevel(this.#drained() + 1);
    this.#forgetOldest();
    await this.#write();
  }

  /** Clears the number's own count and takes back its own try. */
  async succeeded(tag: string): Promise<void> {
    this.#numbers.delete(tag);
    this.#until.delete(tag);
    this.#setLevel(Math.max(0, this.#drained() - 1));
    await this.#write();
  }

  #drained(): number {
    const passed = this.#storage.clock.now() - this.#levelAt;
    return Math.max(0, this.#level - passed / this.#config.kiosk.drainEvery);
  }

  #setLevel(level: number): void {
    this.#level = level;
    this.#levelAt = this.#storage.clock.now();
  }

  /** The kiosk's own count makes it slow to push a number out. */
  #forgetOldest(): void {
    for (const tag of [...this.#numbers.keys()].slice(
      0,
      Math.max(0, this.#numbers.size - this.#config.numbers),
    )) {
      this.#numbers.delete(tag);
      this.#until.delete(tag);
    }
  }

  async #write(): Promise<void> {
    await this.#storage.meta.put(this.#id, {
      numbers: Object.fromEntries(this.#numbers),
      level: this.#drained(),
    });
  }
}
