import { describe, expect, it } from 'vitest';
import { healingConfig as config } from './config.ts';
import { heal } from './healing.ts';
import {
  type Act,
  type HealingEvent,
  type HealingModel,
  initialHealing,
  type Surroundings,
} from './model.ts';

const QUIET: Surroundings = { quietFor: 3_600_000, framesWanted: false, hour: 12, withoutGpu: false };

/** Plays events and ticks each second; what was done, and when. */
class Play {
  model: HealingModel;
  at = 0;
  readonly acts: (Act & { at: number })[] = [];
  readonly beats: number[] = [];
  around = QUIET;
  /** called for each retry: what becomes of it */
  onRetry: (part: string) => void = () => {};

  constructor(reloads = 0) {
    this.model = initialHealing(0, reloads);
  }
  send(event: { type: string; part?: string; detail?: string }): void {
    const { model, acts } = heal(this.model, { ...event, at: this.at } as HealingEvent, config);
    this.model = model;
    for (const act of acts) {
      if (act.kind === 'beat') {
        this.beats.push(this.at);
        continue;
      }
      this.acts.push({ ...act, at: this.at });
      if (act.kind === 'retry') this.onRetry(act.part);
    }
  }
  pass(ms: number): void {
    for (const end = this.at + ms; this.at < end; ) {
      this.at += config.tick;
      this.send({ type: 'tick', ...this.around } as never);
    }
  }
  of(kind: Act['kind']) {
    return this.acts.filter((act) => act.kind === kind);
  }
}

const alwaysFails = (play: Play): void => {
  play.onRetry = (part) => play.send({ type: 'failed', part, detail: 'no model' });
};

describe('heal', () => {
  it('retries a broken part with growing waits, and leaves it once it is well', () => {
    const play = new Play();
    alwaysFails(play);
    play.around = { ...QUIET, quietFor: null };
    play.send({ type: 'failed', part: 'engine', detail: 'no model' });
    play.pass(60_000);
    expect(play.of('retry').map(({ at }) => at)).toEqual([2_000, 7_000, 22_000, 52_000]);
    play.send({ type: 'well', part: 'engine' });
    play.pass(600_000);
    expect(play.of('retry')).toHaveLength(4);
    expect(play.model.troubles).toEqual({});
  });

  it('reloads after the last of them, and then later and later, but tries every minute', () => {
    const play = new Play();
    alwaysFails(play);
    play.send({ type: 'failed', part: 'gallery', detail: 'no disk' });
    play.pass(53_000);
    expect(play.of('reload')).toMatchObject([{ at: 53_000, why: 'gallery: no model' }]);
    // The page after the tenth reload in a row.
    const late = new Play(10);
    alwaysFails(late);
    late.send({ type: 'failed', part: 'gallery', detail: 'no disk' });
    late.pass(3_599_000);
    expect(late.of('reload')).toEqual([]);
    expect(late.of('retry').length).toBeGreaterThan(55);
    late.pass(1_000);
    expect(late.of('reload')).toHaveLength(1);
  });

  it('asks again for what another window has, reloads no page for it, and goes on giving signs of life', () => {
    const play = new Play();
    play.onRetry = (part) => play.send({ type: 'failed', part, detail: '', elsewhere: true } as never);
    play.send({ type: 'failed', part: 'gallery', detail: '', elsewhere: true } as never);
    play.pass(2 * config.beatsBroken);
    expect(play.of('reload')).toEqual([]);
    expect(play.of('retry').length).toBeGreaterThan(55);
    expect(play.at - play.beats.at(-1)!).toBeLessThanOrEqual(config.beatEvery);
    // The other window is gone, and now the gallery is really broken.
    alwaysFails(play);
    play.pass(62_000);
    expect(play.of('reload')).toHaveLength(1);
  });

  it('reloads at no moment at which somebody is there or has just been', () => {
    const play = new Play();
    alwaysFails(play);
    play.send({ type: 'failed', part: 'engine', detail: 'no model' });
    for (const quietFor of [null, config.quiet - 1]) {
      play.around = { ...QUIET, quietFor };
      play.pass(1_800_000);
    }
    expect(play.of('reload')).toEqual([]);
    play.around = { ...QUIET, quietFor: config.quiet };
    play.pass(1_000);
    expect(play.of('reload')).toHaveLength(1);
  });

  it('ends the row of reloads once nothing has been broken for long', () => {
    const play = new Play(3);
    play.send({ type: 'failed', part: 'engine', detail: 'no model' });
    play.send({ type: 'well', part: 'engine' });
    play.pass(config.steady - 1_000);
    expect(play.of('settled')).toEqual([]);
    play.pass(1_000);
    expect(play.of('settled')).toHaveLength(1);
    play.pass(config.steady * 2);
    expect(play.of('settled')).toHaveLength(1);
  });

  it('takes a start that tells of nothing for one that hangs, and one that goes on for none', () => {
    const play = new Play();
    play.send({ type: 'starting', part: 'engine' });
    for (let i = 0; i < 10; i++) {
      play.pass(config.silence.engine - 10_000);
      play.send({ type: 'progress', part: 'engine' });
    }
    expect(play.model.troubles).toEqual({});
    play.pass(config.silence.engine + 1_000);
    expect(play.model.troubles.engine?.detail).toMatch(/not come further/);
    play.pass(3_000);
    expect(play.of('retry')).toMatchObject([{ part: 'engine' }]);
  });

  it('does not hold an engine for hung that waits for its gallery', () => {
    const play = new Play();
    alwaysFails(play);
    play.around = { ...QUIET, quietFor: null };
    play.send({ type: 'starting', part: 'engine' });
    play.send({ type: 'failed', part: 'gallery', detail: 'no disk' });
    play.pass(600_000);
    expect(play.model.troubles.engine).toBeUndefined();
  });

  it('takes a kiosk that is to look and analyses nothing for one that hangs', () => {
    const play = new Play();
    play.around = { ...QUIET, quietFor: null, framesWanted: true };
    for (let i = 0; i < 100; i++) {
      play.pass(5_000);
      play.send({ type: 'frame' });
    }
    expect(play.acts).toEqual([]);
    play.pass(config.blind + 3_000);
    expect(play.of('retry')).toMatchObject([{ part: 'engine' }]);
  });

  it('takes a night of sleep for no hang', () => {
    const play = new Play();
    play.around = { ...QUIET, framesWanted: true };
    play.send({ type: 'starting', part: 'gallery' });
    play.pass(10_000);
    play.at += 8 * 3_600_000;
    play.pass(1_000);
    expect(play.model.troubles).toEqual({});
  });

  it('draws a broken screen afresh, and calls it whole when it has stood for a while', () => {
    const play = new Play();
    play.send({ type: 'failed', part: 'screen', detail: 'cannot draw' });
    play.pass(3_000);
    expect(play.of('retry')).toMatchObject([{ part: 'screen' }]);
    play.pass(config.screenSteady);
    expect(play.model.troubles).toEqual({});
  });

  it('passes over single uncaught errors, and reloads a page that has many', () => {
    const play = new Play();
    for (let i = 0; i < 20; i++) {
      play.send({ type: 'uncaught', detail: 'odd' });
      play.pass(config.uncaughtWithin / 3);
    }
    expect(play.acts).toEqual([]);
    for (let i = 0; i < config.maxUncaught; i++) play.send({ type: 'uncaught', detail: 'odd' });
    play.pass(1_000);
    expect(play.of('reload')).toMatchObject([{ why: 'page: odd' }]);
  });

  it('tries the GPU again once a night, and only where there was one', () => {
    const play = new Play();
    play.around = { ...QUIET, hour: 12, withoutGpu: true };
    play.pass(7 * 3_600_000);
    expect(play.acts).toEqual([]);
    play.around = { ...QUIET, hour: 3, withoutGpu: true };
    play.pass(3_600_000);
    expect(play.of('reload')).toHaveLength(1);
    const whole = new Play();
    whole.around = { ...QUIET, hour: 3 };
    whole.pass(10 * 3_600_000);
    expect(whole.acts).toEqual([]);
  });

  it('gives signs of life while it can, and none once nothing has helped for long and nobody is there', () => {
    const play = new Play(20);
    alwaysFails(play);
    play.pass(60_000);
    expect(play.beats.length).toBeGreaterThanOrEqual(4);
    play.send({ type: 'failed', part: 'engine', detail: 'no GPU process' });
    play.around = { ...QUIET, quietFor: null };
    play.pass(config.beatsBroken + 60_000);
    expect(play.at - play.beats.at(-1)!).toBeLessThanOrEqual(config.beatEvery);
    play.around = QUIET;
    play.pass(60_000);
    expect(play.at - play.beats.at(-1)!).toBeGreaterThanOrEqual(60_000);
  });

  it('is not kept from its retry by a camera that reports its loss again and again', () => {
    const play = new Play();
    play.around = { ...QUIET, quietFor: null };
    for (let i = 0; i < 20; i++) {
      play.send({ type: 'failed', part: 'camera', detail: 'unplugged' });
      play.pass(10_000);
    }
    expect(play.of('retry').length).toBeGreaterThanOrEqual(2);
  });
});
