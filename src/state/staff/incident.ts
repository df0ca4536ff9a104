import type { LostGallery } from '../../gallery/contract/gallery.ts';
import type { AccessLog } from '../../gallery/contract/log.ts';
import type { DamagedRecord } from '../../gallery/contract/person.ts';
import type { FirstKnownDates, FoundByKiosk, StaffPerson } from '../../gallery/contract/staff.ts';
import type { UndoableAct } from '../../gallery/contract/undo.ts';

/** What may have gone wrong with people's data. A backup that is lost is told by staff; the kiosk finds the rest. */
export type IncidentKind = FoundByKiosk | 'backup-lost';

export interface IncidentFinding {
  readonly kind: IncidentKind;
  /** people whose data it may concern */
  readonly people: number;
  /** what the kiosk can say of it, in English and without names; null: nothing more */
  readonly detail: string | null;
  /** when the kiosk first found it; ISO 8601, UTC; null: staff tell of it */
  readonly firstKnown: string | null;
}

export interface Incident {
  readonly findings: readonly IncidentFinding[];
  /** when somebody first knew of it; ISO 8601, UTC */
  readonly noticedAt: string;
  /** by when the people and the authority have to be told; ISO 8601, UTC */
  readonly tellBy: string;
  /** people whose data it may concern, each counted once as far as the kiosk can know */
  readonly people: number;
}

/** What the kiosk knows. */
export interface IncidentFacts {
  readonly people: readonly StaffPerson[];
  /** removals by staff that can still be undone: what is kept of these people is on this kiosk, and in no backup */
  readonly removed: readonly UndoableAct[];
  readonly damaged: readonly DamagedRecord[];
  readonly lost: LostGallery | null;
  readonly log: AccessLog['intact'];
  readonly firstKnown: FirstKnownDates;
}

/** Hours from knowing to telling: Enforcement Decree of the Personal Information Protection Act, articles 39 and 40. */
const TELL_WITHIN_HOURS = 72;
const HOUR = 3_600_000;

/** What the kiosk itself finds wrong, and what staff report. */
export function findingsOf(facts: IncidentFacts, backupLost: boolean): readonly IncidentFinding[] {
  const { people, removed, damaged, lost, log, firstKnown } = facts;
  const findings: IncidentFinding[] = [];
  const since = (kind: FoundByKiosk) => firstKnown[kind] ?? null;
  if (!log.ok)
    findings.push({
      kind: 'log-broken',
      people: people.length + removed.length,
      detail: log.reason,
      firstKnown: since('log-broken'),
    });
  if (damaged.length > 0)
    findings.push({
      kind: 'records-damaged',
      people: damaged.length,
      detail: damaged.map(({ id, reason }) => `${id}: ${reason}`).join('; '),
      firstKnown: since('records-damaged'),
    });
  if (lost)
    findings.push({
      kind: 'gallery-lost',
      people: lost.people,
      detail: `last seen ${lost.lastSeen}`,
      firstKnown: since('gallery-lost'),
    });
  if (backupLost)
    findings.push({ kind: 'backup-lost', people: people.length, detail: null, firstKnown: null });
  return findings;
}

/** When the kiosk itself first found any of it; null where staff alone tell of it. Nobody can have known of it only later. */
export const foundAt = (findings: readonly IncidentFinding[]): string | null =>
  findings.flatMap(({ firstKnown }) => firstKnown ?? []).toSorted()[0] ?? null;

/** @param noticedAt ISO 8601. @returns null where nothing is wrong */
export function incidentOf(findings: readonly IncidentFinding[], noticedAt: string): Incident | null {
  if (findings.length === 0) return null;
  const numberOf = (kind: IncidentKind) => findings.find((one) => one.kind === kind)?.people ?? 0;
  const here = Math.max(numberOf('log-broken'), numberOf('backup-lost'));
  const tellBy = new Date(Date.parse(noticedAt) + TELL_WITHIN_HOURS * HOUR).toISOString();
  return {
    findings,
    noticedAt: new Date(noticedAt).toISOString(),
    tellBy,
    people: here + numberOf('records-damaged') + numberOf('gallery-lost'),
  };
}
