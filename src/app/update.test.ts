import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FakeClock } from '../../test/kiosk/fakes.ts';
import { SCREENS } from '../../test/kiosk/screens.ts';
import { initialSession } from '../state/session/machine.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import { type Answer, noVersions, type Question, taken, type Versions } from '../sw/release.ts';
import { mayRestart, runUpdater, UPDATE } from './update.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const attract: SessionModel = {
  ...initialSession,
  phase: { kind: 'attract', armed: true },
  systems: {
    engine: { kind: 'ready' },
    gallery: { kind: 'ready' },
    camera: { kind: 'live', label: '', width: 640, height: 480 },
  },
};

function setUp(model: SessionModel, hour = 12) {
  const clock = new FakeClock();
  const session = createStore<SessionModel>()(() => model);
  const asked: Question['kind'][] = [];
  const checkedFor: (readonly string[] | undefined)[] = [];
  let versions: Versions = { ...noVersions, current: 'one', candidate: 'two' };
  let reloads = 0;
  let problem: Answer['problem'] = null;
  const told: string[] = [];
  stops.push(
    runUpdater({
      clock,
      session,
      hour: () => hour,
      versioning: {
        async ask(question) {
          const { kind } = question;
          asked.push(kind);
          if (question.kind === 'check') checkedFor.push(question.models);
          if (kind === 'take') versions = taken(versions);
          return { versions, problem: kind === 'check' ? problem : null };
        },
      },
      models: () => ['small'],
      onVersions: () => {},
      onProblem: (message) => told.push(message),
      reload: () => {
        reloads += 1;
      },
    }),
  );
  return {
    clock,
    session,
    asked,
    checkedFor,
    reloads: () => reloads,
    told,
    meet: (met: Answer['problem']) => (problem = met),
  };
}

describe('the moment for a new version', () => {
  it('comes after a short pause while the shop is closed by its own hours', () => {
    expect(mayRestart(UPDATE.idle.night, 21)).toBe(false);
    expect(mayRestart(UPDATE.idle.night, 21, false, true)).toBe(true);
    expect(mayRestart(null, 21, false, true)).toBe(false);
  });
});

describe('a new version', () => {
  it('is taken once the attract screen has been idle long enough, sooner at night', async () => {
    for (const [hour, idle] of [
      [12, UPDATE.idle.day],
      [3, UPDATE.idle.night],
    ] as const) {
      const { clock, asked, reloads } = setUp(attract, hour);
      await clock.advance(idle - UPDATE.tryEvery - 1);
      expect(asked).not.toContain('take');
      await clock.advance(2 * UPDATE.tryEvery);
      expect(asked).toContain('take');
      expect(reloads()).toBe(1);
    }
  });

  it('is never taken under a customer, by day or by night', async () => {
    for (const [name, { phase }] of Object.entries(SCREENS)) {
      if (phase.kind === 'attract') continue;
      const { clock, asked } = setUp({ ...attract, phase }, 3);
      await clock.advance(2 * UPDATE.idle.day);
      expect(asked, name).not.toContain('take');
    }
  });

  it('waits while somebody stands before the attract screen, and begins to wait anew', async () => {
    const { clock, session, asked } = setUp({ ...attract, faceCount: 1 });
    await clock.advance(2 * UPDATE.idle.day);
    expect(asked).not.toContain('take');
    session.setState({ faceCount: 0 });
    await clock.advance(UPDATE.idle.day - UPDATE.tryEvery);
    expect(asked).not.toContain('take');
    await clock.advance(2 * UPDATE.tryEvery);
    expect(asked).toContain('take');
  });

  it('is looked for each hour, also after an hour without a network', async () => {
    const { clock, asked, told, meet } = setUp({ ...attract, faceCount: 1 });
    meet({ kind: 'failed', message: 'Failed to fetch' });
    await clock.advance(2 * UPDATE.checkEvery + UPDATE.tryEvery);
    expect(asked.filter((kind) => kind === 'check')).toHaveLength(3);
    expect(told).toEqual([]);
  });

  it('that may not be taken is told to staff', async () => {
    const { clock, told, meet } = setUp({ ...attract, faceCount: 1 });
    meet({ kind: 'refused', message: 'not signed' });
    await clock.advance(UPDATE.checkEvery + UPDATE.tryEvery);
    expect(told).toContain('not signed');
  });

  it('is loaded with the recogniser of this kiosk', async () => {
    const { clock, checkedFor } = setUp(attract);
    await clock.advance(UPDATE.tryEvery);
    expect(checkedFor).toEqual([['small']]);
  });

  it('has shown that it works when engine and gallery are up, and not before', async () => {
    const { clock, session, asked } = setUp({ ...initialSession });
    await clock.advance(60_000);
    expect(asked).not.toContain('works');
    session.setState({ systems: attract.systems });
    await clock.advance(UPDATE.tryEvery);
    expect(asked.filter((kind) => kind === 'works')).toHaveLength(1);
  });
});

it('mayRestart takes two to five o’clock for night', () => {
  expect([1, 2, 4, 5].map((hour) => mayRestart(UPDATE.idle.night, hour))).toEqual([false, true, true, false]);
  expect(mayRestart(null, 3)).toBe(false);
});
