import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, FakeEngine, FakeSource, report } from '../../../test/kiosk/fakes.ts';
import type { AnalyseOptions, FrameReport } from '../../vision/protocol.ts';
import { pumpConfig } from './config.ts';
import { createFramePump, type FramePump } from './frame-pump.ts';

/** An engine with a worker that detects and one that embeds, milliseconds each. */
class TwoWorkers extends FakeEngine {
  readonly #clock: FakeClock;
  readonly #detect: number;
  readonly #embeds: number[];
  #before: Promise<void> = Promise.resolve();
  frames = 0;
  failing: number | null = null;

  constructor(clock: FakeClock, detect: number, embeds: number[]) {
    super();
    this.#clock = clock;
    this.#detect = detect;
    this.#embeds = embeds;
  }
  override async analyse(frame: ImageBitmap, { onFree }: AnalyseOptions): Promise<FrameReport> {
    frame.close();
    const index = this.frames++;
    const wait = (ms: number) => new Promise<void>((resolve) => this.#clock.after(ms, resolve));
    await wait(this.#detect);
    const embed = this.#embeds.shift() ?? 0;
    if (embed > 0) {
      const before = this.#before;
      let leave = () => {};
      this.#before = new Promise((resolve) => {
        leave = resolve;
      });
      await before;
      onFree?.();
      await wait(embed);
      leave();
    }
    if (index === this.failing) throw new Error(`frame ${index}`);
    return { ...report([]), width: index };
  }
}

let pump: FramePump | null = null;
afterEach(() => void pump?.stop());

async function setUp(detect: number, embeds: number[]) {
  const clock = new FakeClock();
  const source = new FakeSource();
  source.set({ kind: 'live', label: 'Fake', width: 640, height: 480 });
  const engine = new TwoWorkers(clock, detect, embeds);
  const seen: { frame: number; at: number; now: number }[] = [];
  const errors: string[] = [];
  pump = createFramePump({
    source,
    engine: () => engine,
    clock,
    config: pumpConfig,
    onError: (error) => errors.push((error as Error).message),
  });
  pump.use({
    plan: () => ({ embed: true, interval: 0 }),
    onReport: ({ width }, at) => seen.push({ frame: width, at, now: clock.now() }),
  });
  pump.start();
  return { clock, source, engine, seen, errors, began: clock.now() };
}

describe('the frame pump', () => {
  it('has the next frame detected while the one before is embedded', async () => {
    const { clock, seen, began } = await setUp(40, [100, 100, 100]);
    await clock.advance(350);
    // One after the other they would take 140 ms each.
    const times = seen.slice(0, 3).map(({ now }) => now - began);
    expect(times).toEqual([140, 240, 340]);
    expect(seen[1]!.at - began).toBe(40);
  });

  it('reports in the order of the frames, also where a later one is done earlier', async () => {
    const { clock, seen } = await setUp(20, [200, 0, 0, 0]);
    await clock.advance(300);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.map(({ frame }) => frame)).toEqual(seen.map((_, index) => index));
    expect(seen[1]!.now).toBeGreaterThanOrEqual(seen[0]!.now);
  });

  it('tells of a frame that failed and goes on', async () => {
    const { clock, engine, seen, errors } = await setUp(20, [50, 50, 50]);
    engine.failing = 1;
    await clock.advance(300);
    expect(errors).toEqual(['frame 1']);
    expect(seen.map(({ frame }) => frame).slice(0, 3)).toEqual([0, 2, 3]);
  });

  it('stops when the frames in work are through, and reports none of them', async () => {
    const { clock, source, seen } = await setUp(20, [100, 100]);
    await clock.advance(50);
    let stopped = false;
    void pump!.stop().then(() => {
      stopped = true;
    });
    await clock.advance(10);
    expect(stopped).toBe(false);
    await clock.advance(300);
    expect(stopped).toBe(true);
    expect(seen).toEqual([]);
    expect(source.closed).toBe(source.opened);
  });
});
