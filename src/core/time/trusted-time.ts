import { type Clock, wallTime } from './clock.ts';

/** How far the system's clock may be from what is expected of it. Milliseconds. */
export interface TrustConfig {
  /** ahead of the newest moment that is known, plus what passed since then on the monotonic clock */
  readonly ahead: number;
  /** behind it: a clock that a time server sets right goes back by seconds */
  readonly behind: number;
  /** ahead of the build, at a start that knows no other moment */
  readonly aheadOfBuild: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const TRUST: TrustConfig = { ahead: DAY, behind: HOUR / 6, aheadOfBuild: 5 * 365 * DAY };

/** Why the system's clock is not believed. */
export interface Doubt {
  readonly reason: 'ahead' | 'behind';
  /** what it says, milliseconds since 1970 */
  readonly clock: number;
  /** it is at least so late, milliseconds since 1970 */
  readonly known: number;
}

/** The newest moments that are known, milliseconds since 1970; null: none. */
export interface KnownMoments {
  /** of the records, the log and the mark that was kept */
  readonly newest: number | null;
  readonly built: number | null;
}

/**
 * The time for whatever destroys or dates records: the system's clock as long as it is plausible. A mark stands at the newest
 * moment that is known and runs on with the monotonic clock. A clock that is too far ahead of the mark, or behind it, is in doubt:
 * the time is then the mark, which the true time has reached at least, until the clock is plausible again or somebody confirms it.
 */
export class TrustedTime {
  readonly #clock: Clock;
  readonly #config: TrustConfig;
  /** milliseconds since 1970; null: nothing is known yet, and the clock is believed */
  #mark: number | null;
  /** of the mark, on the monotonic clock */
  #markAt: number;
  #ahead: number;
  #trusted = false;
  #shift = 0;

  constructor(clock: Clock, { newest, built }: KnownMoments, config = TRUST) {
    this.#clock = clock;
    this.#config = config;
    this.#mark = newest === null ? built : Math.max(newest, built ?? newest);
    this.#markAt = clock.now();
    this.#ahead = newest === null ? config.aheadOfBuild : config.ahead;
  }

  /** Another moment is known to have passed. @param moment milliseconds since 1970; -Infinity: none */
  raise(moment: number): void {
    const known = this.#known();
    if (!Number.isFinite(moment) || (known !== null && moment <= known)) return;
    this.#mark = moment;
    this.#markAt = this.#clock.now();
    this.#ahead = this.#config.ahead;
  }

  /** Why the clock is not believed; null: it is. */
  doubt(): Doubt | null {
    const clock = wallTime(this.#clock);
    const known = this.#known();
    if (known !== null && clock > known + this.#ahead) return this.#doubted('ahead', clock, known);
    if (known !== null && clock < known - this.#config.behind) return this.#doubted('behind', clock, known);
    this.#trust(clock, known);
    return null;
  }

  /** Milliseconds since 1970: the time, or while the clock is in doubt the latest moment that has surely been reached. */
  now(): number {
    return this.doubt()?.known ?? this.#mark!;
  }

  /** `now` in ISO 8601, UTC. */
  date(): string {
    return new Date(this.now()).toISOString();
  }

  /** How much later it was than `now` said, when the clock was believed for the first time or again. Milliseconds. */
  get shift(): number {
    return this.#shift;
  }

  /** Somebody has looked at the date that the clock says, and it is right. */
  confirm(): void {
    const known = this.#known();
    const clock = wallTime(this.#clock);
    this.#mark = clock;
    this.#shift = clock - (known ?? clock);
    this.#rebase();
  }

  #known(): number | null {
    return this.#mark === null ? null : this.#mark + (this.#clock.now() - this.#markAt);
  }

  #doubted(reason: Doubt['reason'], clock: number, known: number): Doubt {
    this.#trusted = false;
    return { reason, clock, known };
  }

  #trust(clock: number, known: number | null): void {
    if (!this.#trusted) this.#shift = clock - (known ?? clock);
    this.#mark = Math.max(clock, this.#mark ?? clock);
    this.#rebase();
  }

  #rebase(): void {
    this.#trusted = true;
    this.#markAt = this.#clock.now();
    this.#ahead = this.#config.ahead;
  }
}
