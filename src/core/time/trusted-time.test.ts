import { describe, expect, it } from 'vitest';
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
    ['two days ahead', NOW + 2 * DAY, 'ahead'],
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
