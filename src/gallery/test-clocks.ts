import type { Clock } from '@rounz/core/time/clock.ts';

/** A kiosk whose system clock can be set while its monotonic clock runs on. */
export class TwoClocks implements Clock {
  monotonic = 1_000;
  wall = Date.UTC(2026, 10, 28);
  readonly #tasks = new Set<{ readonly at: number; readonly task: () => void }>();
  now = () => this.monotonic;
  date = () => new Date(this.wall).toISOString();
  after(ms: number, task: () => void): () => void {
    const entry = { at: this.monotonic + ms, task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }
  pass(ms: number): void {
    this.monotonic += ms;
    this.wall += ms;
    for (const entry of [...this.#tasks])
      if (entry.at <= this.monotonic && this.#tasks.delete(entry)) entry.task();
  }
  setWall(to: number): void {
    this.wall = to;
  }
}
