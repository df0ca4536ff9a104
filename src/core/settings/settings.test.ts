import { describe, expect, it } from 'vitest';
import {
  asksFirst,
  changedGroups,
  DEFAULT_SETTINGS,
  isOpenAt,
  readSettings,
  SETTINGS_LIMITS,
  type Settings,
  settingsSchema,
  storedSettings,
} from './settings.ts';

const shop: Settings = {
  ...DEFAULT_SETTINGS,
  camera: { label: 'USB Camera (046d:0825)', nth: 1, rotation: 270, mirrored: false },
  asking: { kind: 'signs', confirmedAt: '2026-11-28T01:00:00.000Z' },
  hours: { opens: '10:00', closes: '20:30' },
  privacy: { operator: '안경점', officer: '김', contact: '02-000-0000' },
  retentionDays: 180,
  shopPage: 'https://shop.example.com/kiosk',
};

describe('readSettings', () => {
  it('gives back what was stored', () => {
    expect(readSettings(JSON.parse(JSON.stringify(storedSettings(shop))))).toEqual({
      settings: shop,
      problems: [],
    });
  });

  it('asks first where nothing was stored', () => {
    const { settings, problems } = readSettings(null);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(asksFirst(settings.asking)).toBe(true);
    expect(problems).toEqual([]);
  });

  it('takes the strictness of a kiosk from before the set-up, and its defaults for the rest', () => {
    const { settings, problems } = readSettings({ strictness: 'lenient' });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, strictness: 'lenient' });
    expect(problems).toEqual([]);
  });

  it.each([
    ['asking', 'never', { kind: 'touch' }],
    ['asking', { kind: 'signs' }, { kind: 'touch' }],
    ['asking', { kind: 'signs', confirmedAt: 'yes' }, { kind: 'touch' }],
    ['strictness', 'anything', 'strict'],
    ['passive', 'sometimes', 'require'],
    ['retentionDays', 36_500, SETTINGS_LIMITS.retentionDays.min],
    ['retentionDays', null, SETTINGS_LIMITS.retentionDays.min],
    ['hub', 'http://hub.example.com', null],
    ['shopPage', 'http://shop.example.com', null],
    ['shopPage', 'https://me:secret@shop.example.com/', null],
    ['shopPage', `https://shop.example.com/${'x'.repeat(200)}`, null],
    ['shopPage', 'javascript:alert(1)', null],
    ['shopPage', 'shop.example.com', null],
    ['hours', { opens: '25:00', closes: '20:00' }, null],
    ['camera', { ...shop.camera, rotation: 45 }, DEFAULT_SETTINGS.camera],
    ['screen', { inches: 3, lowerEdge: 80 }, DEFAULT_SETTINGS.screen],
  ] as const)('is careful with a bad %s (%j), names it and keeps the rest', (group, bad, closed) => {
    const { settings, problems } = readSettings({ ...storedSettings(shop), [group]: bad });
    expect(settings).toEqual({ ...shop, [group]: closed });
    expect(problems).toEqual([group]);
  });

  it.each([
    ['another kiosk’s newer format', { ...storedSettings(shop), format: 2 }],
    ['a list', [1, 2]],
    ['a word', 'signs'],
  ])('takes nothing of %s and asks first', (_, stored) => {
    const { settings, problems } = readSettings(stored);
    expect(problems).toEqual(['all']);
    expect(asksFirst(settings.asking)).toBe(true);
    expect(settings.strictness).toBe('strict');
  });
});

describe('the settings', () => {
  it('are refused as a whole with one bad value', () => {
    expect(settingsSchema.safeParse({ ...shop, language: 'fr' }).success).toBe(false);
    expect(() => storedSettings({ ...shop, retentionDays: 1 })).toThrow();
  });

  it('tell which groups changed', () => {
    expect(changedGroups(shop, { ...shop, language: 'en', hours: null })).toEqual(['language', 'hours']);
  });

  it('tell whether the shop is open, also one that closes after midnight', () => {
    const at = (hour: number) => isOpenAt(shop.hours, hour * 60);
    expect([9, 10, 20, 21].map(at)).toEqual([false, true, true, false]);
    expect(isOpenAt(null, 600)).toBeNull();
    const late = { opens: '18:00', closes: '02:00' };
    expect([17, 18, 23, 1, 2].map((hour) => isOpenAt(late, hour * 60))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});
