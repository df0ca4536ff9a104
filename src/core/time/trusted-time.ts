import { type Clock, wallTime } from './clock.ts';

/** How far the system's clock may be from what is expected of it. Milliseconds. */
export interface TrustConfig {
  /** ahead of the newest moment that is known, plus what passed since then on the monotonic clock */
  readonly ahead: number;
  /** leaps that are larger than `ahead`, together: the computer may have been off for so long; 0: none is believed */
  readonly off: number;
  /** after the last leap: until then the clock may turn out to be wrong and be set back */
  readonly proving: number;
  /** behind it: a clock that a time server sets right goes back by seconds */
  readonly behind: number;
  /** ahead of the build, at a start that knows no other moment */
  readonly aheadOfBuild: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const TRUST: TrustConfig = {
  ahead: DAY,
  // A shop that is closed on Sundays and on a holiday beside them.
  off: 4 * DAY,
  proving: 4 * DAY,
  behind: HOUR / 6,
  aheadOfBuild: 5 * 365 * DAY,
};

/** Why the system's clock is not believed. */
export interface Doubt {
  readonly reason: 'ahead' | 'behind';
  /** what it says, milliseconds since 1970 */
  readonly clock: number;
  /** it is at least so late, milliseconds since 1970 */
  readonly known: number;
}

/** Leaps of the clock that are believed and not proven yet. Milliseconds. */
export interface Leap {
  /** by which the clock went ahead, all leaps together */
  readonly by: number;
  /** what it says where the first of them ended, since 1970 */
  readonly from: number;
  /** when they are proven, since 1970 */
  readonly until: number;
}

/** The clock was set back after a leap: what is dated from that moment on is off by `shift`. Milliseconds. */
export interface SetBack {
  readonly from: number;
  /** below 0 */
  readonly shift: number;
}

/** The newest moments that are known, milliseconds since 1970; null: none. */
export interface KnownMoments {
  /** of the records, the log and the mark that was kept */
  readonly newest: number | null;
  readonly built: number | null;
  /** as it was kept; absent: none */
  readonly leap?: Leap | null;
}

/**
 * The time for whatever destroys or dates records: the system's clock as long as it is plausible. A mark stands at the newest
 * moment that is known and runs on with the monotonic clock. A clock that is too far ahead of the mark, or behind it, is in doubt:
 * the time is then the mark, which the true time has reached at least, until the clock is plausible again or somebody confirms it.
 *
 * A leap of some days may mean that the computer was off. It dates records, and erases nobody: `reached` stays behind by as much
 * until the clock has held for as long as a leap may be. A clock that is set back meanwhile is believed as well.
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
  #leap: Leap | null;
  #setBack: SetBack | null = null;

  constructor(clock: Clock, { newest, built, leap = null }: KnownMoments, config = TRUST) {
    this.#clock = clock;
    this.#config = config;
    this.#mark = newest === null ? built : Math.max(newest, built ?? newest);
    this.#markAt = clock.now();
    this.#ahead = newest === null ? config.aheadOfBuild : config.ahead;
    this.#leap = leap;
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
    if (known !== null && clock > known + this.#ahead && !this.#leaps(clock, known))
      return this.#doubted('ahead', clock, known);
    if (known !== null && clock < known - this.#config.behind && !this.#goesBack(clock, known))
      return this.#doubted('behind', clock, known);
    this.#trust(clock, known);
    return null;
  }

  /** Milliseconds since 1970: the time, or while the clock is in doubt the latest moment that has surely been reached. */
  now(): number {
    return this.doubt()?.known ?? this.#mark!;
  }

  /** The latest moment that has surely been reached, also where a leap of the clock was wrong: for what destroys records. */
  reached(): number {
    const now = this.now();
    // `now` may have seen a leap, or the end of one.
    return now - (this.#leap?.by ?? 0);
  }

  /** What is believed and not proven, to be kept for the next start; null: nothing. */
  get leap(): Leap | null {
    return this.#leap;
  }

  /** That the clock was set back after a leap, until `corrected`; null: it was not. */
  get setBack(): SetBack | null {
    return this.#setBack;
  }

  /** What was dated after the leap has been corrected. */
  corrected(): void {
    this.#setBack = null;
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
    this.#leap = null;
    this.#rebase();
  }

  #known(): number | null {
    return this.#mark === null ? null : this.#mark + (this.#clock.now() - this.#markAt);
  }

  /** Whether the computer may have been off for so long. */
  #leaps(clock: number, known: number): boolean {
    const { off, proving } = this.#config;
    const by = (this.#leap?.by ?? 0) + clock - known;
    // The first start knows the build alone.
    if (this.#ahead !== this.#config.ahead || by > off) return false;
    this.#leap = { by, from: this.#leap?.from ?? clock, until: clock + proving };
    this.#moveTo(clock);
    return true;
  }

  /** Whether a clock that went too far ahead is set right again. */
  #goesBack(clock: number, known: number): boolean {
    if (!this.#leap || known - clock > this.#leap.by + this.#config.behind) return false;
    const { by, from, until } = this.#leap;
    const left = by - (known - clock);
    this.#setBack = { from, shift: clock - known + (this.#setBack?.shift ?? 0) };
    this.#leap = left > 0 ? { by: left, from: Math.min(from, clock), until } : null;
    this.#moveTo(clock);
    return true;
  }

  #moveTo(clock: number): void {
    this.#mark = clock;
    this.#markAt = this.#clock.now();
  }

  #doubted(reason: Doubt['reason'], clock: number, known: number): Doubt {
    this.#trusted = false;
    return { reason, clock, known };
  }

  #trust(clock: number, known: number | null): void {
    if (!this.#trusted) this.#shift = clock - (known ?? clock);
    this.#mark = Math.max(clock, this.#mark ?? clock);
    if (this.#leap && this.#mark >= this.#leap.until) this.#leap = null;
    this.#rebase();
  }

  #rebase(): void {
    this.#trusted = true;
    this.#markAt = this.#clock.now();
    this.#ahead = this.#config.ahead;
  }
}
