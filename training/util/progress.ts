import { SingleBar } from 'cli-progress';

/** How a long piece of work gets on. */
export interface Progress {
  /** @param done pieces since the beginning; @param note what else the line shows */
  update(done: number, note?: string): void;
  /** How many pieces there are, as far as they are counted; `isAll` where none will be added. */
  found(total: number, isAll: boolean): void;
  /** So many more pieces. */
  add(count: number): void;
  stop(): void;
}

export interface ProgressOptions {
  /** what is being worked on */
  readonly title: string;
  /** pieces; absent where they are counted while the work goes on, which `found` tells */
  readonly total?: number;
  /** pieces that were done before; they do not count towards the rate */
  readonly done?: number;
  /** what a piece is, in the plural */
  readonly unit: string;
}

/** Time between two lines where the output is no terminal, milliseconds. */
const LINE_EVERY_MS = 20_000;

/** Time over which the rate is taken, milliseconds: long enough to be steady, short enough to follow a change. */
const RATE_OVER_MS = 60_000;

/** Pieces a second over the last minute, from counts that were given at some times (milliseconds). */
export class Rate {
  #marks: { readonly at: number; readonly done: number }[];

  constructor(at: number, done: number) {
    this.#marks = [{ at, done }];
  }

  /** @returns null before any time has gone by */
  update(at: number, done: number): number | null {
    this.#marks.push({ at, done });
    // The newest mark that is old enough stays as the beginning.
    while (this.#marks.length > 2 && this.#marks[1]!.at <= at - RATE_OVER_MS) this.#marks.shift();
    const [first] = this.#marks;
    return at > first!.at ? ((done - first!.done) * 1000) / (at - first!.at) : null;
  }
}

/** A bar on stderr: pieces done, pieces a second, time left; lines where stderr is no terminal. */
export function startProgress({ title, total, done: before = 0, unit }: ProgressOptions): Progress {
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{all} ${unit}{note}, {speed} a second, {eta_formatted} left`,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    etaBuffer: 200,
  });
  const rate = new Rate(performance.now(), before);
  let done = before;
  bar.start(total ?? 0, before, {
    speed: '-',
    note: '',
    all: total === undefined ? 'counting' : String(total),
  });
  const update = (count: number, note?: string): void => {
    done = count;
    const perSecond = rate.update(performance.now(), done);
    bar.update(done, {
      speed: perSecond === null ? '-' : perSecond.toFixed(1),
      ...(note === undefined ? {} : { note: `, ${note}` }),
    });
  };
  const found = (count: number, isAll: boolean): void => {
    bar.setTotal(count);
    bar.update({ all: isAll ? String(count) : `${count}+` });
  };
  return { update, found, add: (count) => update(done + count), stop: () => bar.stop() };
}
