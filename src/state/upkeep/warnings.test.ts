import { describe, expect, it } from 'vitest';
import { person } from '../../../test/kiosk/fakes.ts';
import { type Upkeep, warningsOf } from './warnings.ts';

const well: Upkeep = {
  isolated: true,
  withoutGpu: false,
  storage: { persisted: true, usedBytes: 1, quotaBytes: 2 },
  people: { kind: 'open', people: [person(0, '김민지')], damaged: [], lost: null, clock: null },
  lastBackup: '2026-11-27T00:00:00.000Z',
  today: '2026-11-28T00:00:00.000Z',
  sight: { problem: null, turn: 0, change: null },
  catalogue: 'open',
  passive: { passive: { kind: 'off' }, doubted: { picture: 0, unchecked: 0 } },
};
const open = well.people as Extract<Upkeep['people'], { kind: 'open' }>;
const codes = (over: Partial<Upkeep>) => warningsOf({ ...well, ...over }).map(({ code }) => code);

describe('warnings', () => {
  it('are none where all is well', () => {
    expect(codes({})).toEqual([]);
  });

  it('name each thing that is not as it should be', () => {
    expect(codes({ isolated: false })).toEqual(['not-isolated']);
    expect(codes({ withoutGpu: true })).toEqual(['gpu-gone']);
    expect(codes({ catalogue: 'failed' })).toEqual(['no-catalogue']);
    const ready = { kind: 'ready', version: '1', took: 1 } as const;
    const doubted = { picture: 2, unchecked: 1 };
    expect(warningsOf({ ...well, passive: { passive: ready, doubted } })).toEqual([
      { code: 'face-doubted', count: 2 },
    ]);
    const failed = { kind: 'failed', detail: 'gone' } as const;
    expect(codes({ passive: { passive: failed, doubted: { picture: 0, unchecked: 9 } } })).toEqual([
      'passive-failed',
    ]);
    expect(codes({ storage: { persisted: false, usedBytes: 1, quotaBytes: 2 } })).toEqual(['not-persistent']);
    const clock = { reason: 'ahead', clock: '2036-01-01T00:00:00.000Z', known: well.today } as const;
    expect(codes({ people: { ...open, clock } })).toEqual(['clock-ahead']);
    expect(codes({ people: { ...open, clock: { ...clock, reason: 'behind' } } })).toEqual(['clock-behind']);
    for (const problem of ['dark', 'covered', 'frozen', 'blurred'] as const)
      expect(codes({ sight: { problem, turn: 0, change: null } })).toEqual([`sight-${problem}`]);
    expect(warningsOf({ ...well, sight: { problem: 'turned', turn: 90, change: null } })).toEqual([
      { code: 'sight-turned', count: 90 },
    ]);
    for (const change of ['camera', 'size', 'scene'] as const)
      expect(codes({ sight: { problem: null, turn: 0, change } })).toEqual([`view-${change}`]);
  });

  it('ask for a backup where somebody real is enrolled and the last one is a week old', () => {
    expect(codes({ lastBackup: null })).toEqual(['no-backup']);
    expect(warningsOf({ ...well, lastBackup: '2026-11-20T00:00:00.000Z' })).toEqual([
      { code: 'old-backup', count: 8 },
    ]);
    expect(codes({ lastBackup: '2026-11-22T00:00:00.000Z' })).toEqual([]);
    const demo = { ...open, people: [person(0, '김민지', { demo: true })] };
    expect(codes({ lastBackup: null, people: demo })).toEqual([]);
    // A clock that was set back makes no old backup.
    expect(codes({ today: '2020-01-01T00:00:00.000Z' })).toEqual([]);
  });
});
