/** What the scripts below give the page. */
export interface SoakWindow {
  /** Lets that many milliseconds pass at once. */
  readonly leap: (ms: number) => Promise<void>;
  readonly frames: { count: number };
  readonly visits: Visits;
}

export interface Visits {
  greeted: number;
  /** times that the customer was not known */
  unknown: number;
  /** The customer stays away, and the kiosk waits for them. */
  pause: boolean;
}

/**
 * Runs in the page before the kiosk: gives it `leap`. Time passes as it does, and a leap adds some: in it all timers that come due
 * are called one after the other, each at its own time, as if it had been waited for. Frames and workers know nothing of it.
 */
export function leapsInTime(): void {
  /** turns of the microtask queue after a timer: what it has begun sets its next timer meanwhile */
  const TURNS = 20;
  const RealDate = Date;
  const now = performance.now.bind(performance);
  const [later, cancel] = [globalThis.setTimeout.bind(globalThis), globalThis.clearTimeout.bind(globalThis)];
  let ahead = 0;
  const own = () => now() + ahead;
  const date = () => RealDate.now() + ahead;
  performance.now = own;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(date());
      else super(args[0]);
    }
    static override now = date;
  } as DateConstructor;

  interface Waiting {
    readonly due: number;
    readonly run: () => void;
    timer: number;
  }
  const waiting = new Map<number, Waiting>();
  // Above the browser's own numbers, which are still cancelled by it.
  let last = 1e9;
  globalThis.setTimeout = ((task: (...rest: unknown[]) => void, ms = 0, ...rest: unknown[]) => {
    const id = ++last;
    const run = () => {
      waiting.delete(id);
      task(...rest);
    };
    waiting.set(id, { due: own() + ms, run, timer: later(run, ms) as unknown as number });
    return id;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((id: number) => {
    cancel(waiting.get(id)?.timer ?? id);
    waiting.delete(id);
  }) as typeof clearTimeout;

  function earliest(until: number): Waiting | null {
    let found: Waiting | null = null;
    for (const one of waiting.values()) if (one.due <= (found?.due ?? until)) found = one;
    return found;
  }

  async function leap(ms: number): Promise<void> {
    const until = own() + ms;
    for (let next = earliest(until); next; next = earliest(until)) {
      ahead += Math.max(0, next.due - own());
      cancel(next.timer);
      try {
        next.run();
      } catch (error) {
        reportError(error);
      }
      for (let turn = 0; turn < TURNS; turn++) await null;
    }
    ahead += Math.max(0, until - own());
    for (const one of waiting.values()) {
      cancel(one.timer);
      one.timer = later(one.run, Math.max(0, one.due - own())) as unknown as number;
    }
  }
  Object.assign(window, { leap });
}

/** Runs in the page before the kiosk: counts the frames that it hands to the vision worker. */
export function countsFrames(): void {
  const frames = { count: 0 };
  Object.assign(window, { frames });
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof post>) {
    const transfer = (Array.isArray(args[1]) ? args[1] : args[1]?.transfer) ?? [];
    if (transfer.some((one) => one instanceof ImageBitmap)) frames.count++;
    return Reflect.apply(post, this, args);
  } as typeof post;
}

/** What the customer touches, and when they come back. */
export interface VisitorPlan {
  readonly kiosk: string;
  readonly done: string;
  readonly tryAgain: string;
  /** milliseconds from the end of a visit to the next one */
  readonly apart: number;
  /** after each so many visits it is `longApart` milliseconds longer: a visit of its own in the log */
  readonly longEvery: number;
  readonly longApart: number;
}

/** Runs in the page: the customer, who is done as soon as they are greeted, waits, and asks to be looked at again. */
export function visitsAgainAndAgain(plan: VisitorPlan): void {
  /** milliseconds of a leap: less than a camera may be without a frame */
  const LEAP = 2_000;
  const { leap, frames } = window as unknown as SoakWindow;
  const visits: Visits = { greeted: 0, unknown: 0, pause: false };
  Object.assign(window, { visits });
  const root = () => document.querySelector<HTMLElement>(`[data-testid="${plan.kiosk}"]`);
  const button = (id: string) => root()?.querySelector<HTMLElement>(`[data-testid="${id}"]`);

  async function nextFrame(): Promise<void> {
    for (const { count } = frames; frames.count === count; )
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async function passes(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= LEAP) {
      await leap(Math.min(LEAP, left));
      if (left > LEAP) await nextFrame();
    }
  }

  async function act(phase: string, isNew: boolean): Promise<void> {
    if (phase === 'greeted' || phase === 'page') return button(plan.done)?.click();
    if (phase === 'unknown') return button(plan.tryAgain)?.click();
    // Once: the screen shows that the goodbye is over a moment after it is.
    if (phase === 'leaving') return isNew ? leap(plan.apart) : undefined;
    if (phase !== 'attract' || visits.pause || !button(plan.tryAgain)) return;
    if (visits.greeted % plan.longEvery === 0) await passes(plan.longApart);
    button(plan.tryAgain)?.click();
  }

  let before = '';
  let acts = false;
  const look = () => {
    if (acts) return;
    const phase = root()?.dataset['phase'] ?? '';
    const isNew = phase !== before;
    before = phase;
    if (isNew && phase === 'greeted') visits.greeted += 1;
    if (isNew && phase === 'unknown') visits.unknown += 1;
    acts = true;
    void act(phase, isNew).finally(() => {
      acts = false;
    });
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  setInterval(look, 20);
}
