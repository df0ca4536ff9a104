import { DEFAULT_SETTINGS, type Settings } from '@rounz/core/settings/settings.ts';
import { describe, expect, it } from 'vitest';
import { type Draft, draftOf, draftOfStep, problemsOf, problemsOfStep, settingsOf } from './draft.ts';

const NOW = '2026-11-28T01:00:00.000Z';
const SHOP: Settings = {
  ...DEFAULT_SETTINGS,
  screen: { inches: 21.5, lowerEdge: 95 },
  hours: { opens: '10:00', closes: '20:30' },
  shop: { name: '우리 안경', place: '서울' },
  privacy: { operator: '우리 안경', officer: '김민지', contact: '02-000-0000' },
};
const draft = (over: Partial<Draft> = {}): Draft => ({ ...draftOf(SHOP), ...over });

describe('settingsOf', () => {
  it('gives back what the draft was made of', () => {
    expect(settingsOf(draft(), SHOP, NOW)).toEqual(SHOP);
  });

  it('reads numbers and times as people type them', () => {
    const typed = draft({ inches: ' 21,5 ', opens: '9:00', retentionDays: '90' });
    expect(problemsOf(typed)).toEqual({});
    expect(settingsOf(typed, SHOP, NOW)).toMatchObject({
      screen: { inches: 21.5 },
      hours: { opens: '09:00', closes: '20:30' },
      retentionDays: 90,
    });
  });

  it('does not ask only from the moment staff said that signs are posted', () => {
    const unsaid = draft({ asking: 'signs' });
    expect(problemsOf(unsaid)).toEqual({ signsPosted: 'signs' });
    expect(settingsOf(unsaid, SHOP, NOW).asking).toEqual({ kind: 'touch' });
    const said = settingsOf(draft({ asking: 'signs', signsPosted: true }), SHOP, NOW);
    expect(said.asking).toEqual({ kind: 'signs', confirmedAt: NOW });
    expect(settingsOf(draftOf(said), said, '2027-01-01T00:00:00.000Z').asking).toEqual(said.asking);
  });

  it('changes the fields of one step alone, whatever another sheet kept meanwhile', () => {
    const kept: Settings = { ...SHOP, language: 'en' };
    const typed = draft({ shopName: '새 이름', inches: '55' });
    const next = settingsOf(draftOfStep('shop', typed, kept), kept, NOW);
    expect(next).toEqual({ ...kept, shop: { name: '새 이름', place: '서울' } });
  });

  it('keeps what was there in a field that does not fit', () => {
    const typed = draft({ inches: 'big', closes: 'late', shopName: '새 이름' });
    expect(settingsOf(typed, SHOP, NOW)).toEqual({ ...SHOP, shop: { name: '새 이름', place: '서울' } });
  });
});

describe('problemsOf', () => {
  it.each([
    ['inches', '3', 'number'],
    ['inches', '1e2', 'number'],
    ['lowerEdge', '', 'number'],
    ['retentionDays', '366', 'number'],
    ['retentionDays', '90.5', 'number'],
    ['opens', '', 'both-times'],
    ['closes', '24:00', 'time'],
    ['shopName', '  ', 'missing'],
    ['officer', '', 'missing'],
    ['contact', 'x'.repeat(121), 'too-long'],
    ['hub', 'http://hub.example.com', 'address'],
  ] as const)('finds %s “%s” to be wrong: %s', (field, typed, problem) => {
    expect(problemsOf(draft({ [field]: typed }))).toEqual({ [field]: problem });
  });

  it('finds nothing wrong with a size that is not known and hours that are not told', () => {
    expect(problemsOf(draft({ inches: '', opens: '', closes: '' }))).toEqual({});
  });

  it('asks a new kiosk for the shop and for whoever answers for the data', () => {
    const fresh = draftOf(DEFAULT_SETTINGS);
    expect(Object.keys(problemsOf(fresh))).toEqual(['shopName', 'operator', 'officer', 'contact']);
    expect(problemsOfStep('screen', fresh)).toEqual({});
    expect(Object.keys(problemsOfStep('shop', fresh))).toHaveLength(4);
  });
});
