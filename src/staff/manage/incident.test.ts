import { DEFAULT_SETTINGS, type Settings } from '@rounz/core/settings/settings.ts';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { findingsOf, foundAt, type IncidentFacts, incidentOf } from '../../state/staff/incident.ts';
import { createI18n } from '../../ui/i18n/index.ts';
import { namesOf, reportOf } from './incident-report.ts';

const NOTICED = '2026-11-28T01:30:00.000Z';
const SHOP: Settings = {
  ...DEFAULT_SETTINGS,
  shop: { name: '맑은 안경', place: '서울' },
  privacy: { operator: '맑은안경', officer: '개인정보팀', contact: '02-000-0000' },
};
const person = (id: string, name: string, telephone: string | null = null): StaffPerson => ({
  id,
  name,
  telephone,
  enrolledAt: '2026-11-01T00:00:00.000Z',
  consent: { version: '1', givenAt: '2026-11-01T00:00:00.000Z' },
  templates: [],
  demo: false,
  note: '',
  currentTemplates: 0,
  oldTemplates: 0,
  visits: 0,
  lastVisit: null,
});
const facts = (over: Partial<IncidentFacts> = {}): IncidentFacts => ({
  people: [person('a', '김민지', '010-1234-5678'), person('b', '이서준')],
  removed: [],
  damaged: [],
  lost: null,
  log: { ok: true },
  firstKnown: {},
  ...over,
});

// The texts tell the page which language they are in.
beforeAll(() => void vi.stubGlobal('document', { documentElement: {} }));

describe('findingsOf', () => {
  it('finds nothing in a whole kiosk', () => {
    expect(findingsOf(facts(), false)).toEqual([]);
    expect(incidentOf([], NOTICED)).toBeNull();
  });

  it('names a broken log, damaged records, a lost gallery and a lost backup, each with its number of people', () => {
    const all = facts({
      log: { ok: false, reason: 'line 7 does not follow line 6' },
      damaged: [{ id: 'c', reason: 'the seal is broken' }],
      lost: { people: 12, lastSeen: '2026-11-20T00:00:00.000Z' },
    });
    expect(findingsOf(all, true).map(({ kind, people }) => [kind, people])).toEqual([
      ['log-broken', 2],
      ['records-damaged', 1],
      ['gallery-lost', 12],
      ['backup-lost', 2],
    ]);
    expect(foundAt(findingsOf(all, true))).toBeNull();
    // The two who are here are concerned by the log and by the backup alike.
    expect(incidentOf(findingsOf(all, true), NOTICED)?.people).toBe(2 + 1 + 12);
  });

  it('dates what the kiosk found by the first time it found any of it; a lost backup is dated by staff', () => {
    const found = facts({
      log: { ok: false, reason: 'line 7 does not follow line 6' },
      damaged: [{ id: 'c', reason: 'the seal is broken' }],
      firstKnown: { 'log-broken': NOTICED, 'records-damaged': '2026-11-20T00:00:00.000Z' },
    });
    expect(foundAt(findingsOf(found, true))).toBe('2026-11-20T00:00:00.000Z');
    expect(foundAt(findingsOf(facts(), true))).toBeNull();
  });
});

describe('a record that staff removed within the day', () => {
  const removed = {
    id: 'act',
    action: 'removed',
    person: 'r',
    at: NOTICED,
    until: NOTICED,
    name: '박민준',
  } as const;
  const broken = facts({ removed: [removed], log: { ok: false, reason: 'cut' } });

  it('counts where the kiosk itself may have leaked, and not where a backup has', () => {
    expect(findingsOf(broken, true).map(({ kind, people }) => [kind, people])).toEqual([
      ['log-broken', 3],
      ['backup-lost', 2],
    ]);
  });

  it('is in the list by name', () => {
    expect(namesOf(broken, createI18n('ko').t)).toContain('박민준');
  });
});

describe('the report', () => {
  const incident = incidentOf(findingsOf(facts(), true), NOTICED)!;

  it('says by when: 72 hours after it was noticed', () => {
    expect(incident.tellBy).toBe('2026-12-01T01:30:00.000Z');
  });

  it.each(['ko', 'en'] as const)(
    'tells what, when, how many and whom to tell, and names no customer (%s)',
    (language) => {
      const i18n = createI18n(language);
      const report = reportOf(incident, SHOP, i18n.t, language);
      for (const part of ['맑은 안경', '개인정보팀', '02-000-0000', NOTICED, incident.tellBy, '118'])
        expect(report).toContain(part);
      expect(report).toMatch(/\b2\b|2명/);
      for (const name of ['김민지', '이서준', '010-1234-5678']) expect(report).not.toContain(name);
      expect(report).not.toMatch(/staff\.incident|\{\{/);
    },
  );
});

describe('the list by name', () => {
  it('is one that a spreadsheet reads, and holds no formula', () => {
    const list = namesOf(
      {
        people: [person('a', '=HYPERLINK("x")', '+82-10')],
        removed: [],
        damaged: [{ id: 'c', reason: '' }],
      },
      createI18n('ko').t,
    );
    expect(list.startsWith('\uFEFF"이름"')).toBe(true);
    expect(list).toContain(`"'=HYPERLINK(""x"")"`);
    expect(list).toContain(`"'+82-10"`);
    expect(list.trimEnd().split('\r\n')).toHaveLength(3);
  });
});
