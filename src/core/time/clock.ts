/** The time source of the state machines; tests control it. */
export interface Clock {
  /** milliseconds, monotonic */
  now(): number;
  /** ISO 8601, UTC: for records */
  date(): string;
  /** Calls `task` once after `ms`; the result cancels it. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date().toISOString(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls `task` now and again each `ms` until the returned function is called. */
export function every(clock: Clock, ms: number, task: () => void): () => void {
  let cancel = () => {};
  const turn = () => {
    cancel = clock.after(ms, turn);
    task();
  };
  turn();
  return () => cancel();
}

/** Milliseconds since 1970 by the system's clock, which may be set ahead or back; for durations take `now`. */
export const wallTime = (clock: Pick<Clock, 'date'>): number => Date.parse(clock.date());

/** The hour where the clock stands, 0..23. */
export const localHour = (clock: Pick<Clock, 'date'>): number => new Date(clock.date()).getHours();

/** Resolves after `ms`, at once when `signal` is already aborted, and early when it aborts meanwhile. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal.addEventListener('abort', finish);
  });
}
