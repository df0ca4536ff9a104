import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../math/random.ts';
import { TRUST, TrustedTime } from './trusted-time.ts';

const NOW = Date.UTC(2026, 10, 28);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function clocks(wall = NOW) {
  const hands = { wall, monotonic: 5_000 };
  const clock = {
    now: () => hands.monotonic,
    date: () => new Date(hands.wall).toISOString(),
    after: () => () => {},
  };
  const pass = (ms: number): void => {
    hands.wall += ms;
    hands.monotonic += ms;
  };
  return { hands, clock, pass };
}

describe('the trusted time', () => {
  it('is the clock’s as long as that runs on from the newest moment known', () => {
    const { clock, pass, hands } = clocks();
    const time = new TrustedTime(clock, { newest: NOW - 20 * HOUR, built: null });
    expect([time.doubt(), time.now()]).toEqual([null, NOW]);
    pass(3 * DAY);
    expect([time.doubt(), time.date()]).toEqual([null, '2026-12-01T00:00:00.000Z']);
    // A time server sets it back by seconds: the time stands still, and nothing is in doubt.
    hands.wall -= 5_000;
    expect([time.doubt(), time.now()]).toEqual([null, NOW + 3 * DAY]);
  });

  it.each([
    ['2036', Date.UTC(2036, 0, 1), 'ahead'],
    ['five days ahead', NOW + 5 * DAY, 'ahead'],
    ['an hour behind', NOW - HOUR, 'behind'],
    ['2000', Date.UTC(2000, 0, 1), 'behind'],
  ])(
    'stays where it was known to be under a clock of %s, and runs on with the monotonic one',
    (_, wall, reason) => {
      for (const running of [true, false]) {
        const { clock, hands, pass } = clocks(running ? NOW : wall);
        const time = new TrustedTime(clock, { newest: NOW, built: null });
        if (running) time.now();
        hands.wall = wall;
        expect(time.doubt()).toEqual({ reason, clock: wall, known: NOW });
        pass(HOUR);
        expect([time.doubt()?.known, time.now()]).toEqual([NOW + HOUR, NOW + HOUR]);
      }
    },
  );

  it('believes a clock that leaps by a weekend, and counts as reached what was sure before until that has held', () => {
    for (const running of [true, false]) {
      const { clock, hands, pass } = clocks(running ? NOW : NOW + 1.7 * DAY);
      const time = new TrustedTime(clock, { newest: NOW, built: null });
      if (running) time.now();
      hands.wall = NOW + 1.7 * DAY;
      expect([time.doubt(), time.now(), time.reached()]).toEqual([null, NOW + 1.7 * DAY, NOW]);
      pass(3.9 * DAY);
      expect([time.now(), time.reached()]).toEqual([NOW + 5.6 * DAY, NOW + 3.9 * DAY]);
      // A start in between knows of it.
      const next = new TrustedTime(clock, { newest: time.now(), built: null, leap: time.leap });
      expect(next.reached()).toBe(NOW + 3.9 * DAY);
      pass(0.2 * DAY);
      for (const one of [time, next]) expect(one.reached()).toBe(NOW + 5.8 * DAY);
      expect(time.leap).toBeNull();
    }
  });

  it('asks where leaps that are not proven come to more than four days', () => {
    const { clock, hands, pass } = clocks();
    const time = new TrustedTime(clock, { newest: NOW, built: null });
    time.now();
    for (const asked of [null, null, 'ahead']) {
      hands.wall += 1.5 * DAY;
      expect(time.doubt()?.reason ?? null).toBe(asked);
      pass(HOUR);
    }
    expect(time.reached()).toBe(NOW + 3 * HOUR);
  });

  it('believes a clock that is set back by what it leapt, and says what was dated meanwhile', () => {
    const { clock, hands, pass } = clocks();
    const time = new TrustedTime(clock, { newest: NOW, built: null });
    time.now();
    hands.wall += 3 * DAY;
    time.now();
    pass(HOUR);
    hands.wall -= 2 * DAY;
    expect([time.doubt(), time.now()]).toEqual([null, NOW + DAY + HOUR]);
    expect(time.setBack).toEqual({ from: NOW + 3 * DAY, shift: -2 * DAY });
    expect([time.reached(), time.leap?.by]).toEqual([NOW + HOUR, DAY]);
    time.corrected();
    expect(time.setBack).toBeNull();
    hands.wall -= 2 * DAY;
    expect(time.doubt()?.reason).toBe('behind');
  });

  it('never counts as reached what was not, however a clock is wrong by four days at most', () => {
    const random = mulberry32(5);
    for (let round = 0; round < 200; round++) {
      const { clock, hands, pass } = clocks();
      let truth = NOW;
      let time = new TrustedTime(clock, { newest: NOW, built: null });
      time.now();
      // It goes wrong once: within these days nothing may be taken for later than it is.
      const days = random() * 3.9;
      for (let step = 0; truth < NOW + days * DAY; step++) {
        const ms = random() * 12 * HOUR;
        truth += ms;
        pass(ms);
        if (step === 2) hands.wall += (random() * 5 - 1) * DAY;
        if (random() < 0.3)
          time = new TrustedTime(clock, { newest: time.now(), built: null, leap: time.leap });
        expect(time.reached()).toBeLessThanOrEqual(truth + TRUST.ahead);
      }
    }
  });

  it('believes the clock again once it is right, and says by how much it was off', () => {
    const { clock, hands, pass } = clocks(Date.UTC(2000, 0, 1));
    const time = new TrustedTime(clock, { newest: NOW, built: null });
    pass(2 * HOUR);
    expect(time.now()).toBe(NOW + 2 * HOUR);
    hands.wall = NOW + 5 * HOUR;
    expect([time.doubt(), time.now(), time.shift]).toEqual([null, NOW + 5 * HOUR, 3 * HOUR]);
  });

  it('takes the word of whoever confirms the date, forwards and backwards', () => {
    for (const wall of [NOW + 40 * DAY, NOW - 400 * DAY]) {
      const { clock, pass } = clocks(wall);
      const time = new TrustedTime(clock, { newest: NOW, built: null });
      expect(time.doubt()).not.toBeNull();
      time.confirm();
      pass(HOUR);
      expect([time.doubt(), time.now(), time.shift]).toEqual([null, wall + HOUR, wall - NOW]);
    }
  });

  it('knows at the first start that it is not before the build, nor long after it', () => {
    const at = (wall: number) =>
      new TrustedTime(clocks(wall).clock, { newest: null, built: NOW }).doubt()?.reason;
    expect(at(NOW + 400 * DAY)).toBeUndefined();
    expect(at(NOW + TRUST.aheadOfBuild + DAY)).toBe('ahead');
    expect(at(NOW - DAY)).toBe('behind');
    expect(new TrustedTime(clocks(0).clock, { newest: null, built: null }).doubt()).toBeNull();
    // An update moves a kiosk on that has not run for long.
    const updated = new TrustedTime(clocks(NOW).clock, { newest: NOW - 90 * DAY, built: NOW - HOUR });
    expect(updated.doubt()).toBeNull();
  });
});
