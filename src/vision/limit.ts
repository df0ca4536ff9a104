import type { Clock } from '@rounz/core/time/clock.ts';

/** A time limit that a sign of life renews. */
export interface Limit {
  readonly milliseconds: number;
  /** Starts the time; `tell` is called once it is over. */
  begin(tell: () => void): void;
  renew(): void;
  end(): void;
}

/** @param onOver told before those who wait */
export function createLimit(clock: Clock, milliseconds: number, onOver: () => void = () => {}): Limit {
  let cancel = () => {};
  let over: (() => void) | null = null;
  const renew = () => {
    cancel();
    if (over) cancel = clock.after(milliseconds, over);
  };
  return {
    milliseconds,
    begin(tell) {
      over = () => {
        onOver();
        tell();
      };
      renew();
    },
    renew,
    end() {
      over = null;
      cancel();
    },
  };
}
