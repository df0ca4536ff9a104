import { TRUST } from '@rounz/core/time/trusted-time.ts';
import type { Entry, PersonWrite } from '../store/change.ts';
import type { Identity } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Editor } from './editor.ts';

/** Staff say that the date of the system's clock is right. What was dated in doubt is corrected. */
export async function confirmDate(store: Store, editor: Editor): Promise<void> {
  const { record } = store.storage;
  const doubt = record.time.doubt();
  if (!doubt) return;
  const [known, clock] = [doubt.known, doubt.clock].map((moment) => new Date(moment).toISOString());
  await editor.apply(async () => {
    const row = await record.confirmed();
    const detail = `${known} -> ${clock}`;
    return {
      meta: [row],
      log: [{ actor: 'staff', action: 'date-confirmed', detail }],
      at: record.time.date(),
    };
  });
  await correctDates(store, editor);
}

/**
 * Once the clock is believed: moves the dates that were written while it was in doubt by what it was off, those that were written
 * after a leap of the clock once it is set back, and takes dates that lie ahead back to today. A consent keeps its length.
 */
export async function correctDates(store: Store, editor: Editor): Promise<void> {
  const { record } = store.storage;
  if (record.time.doubt()) return;
  const now = record.time.now();
  const latest = new Date(now + TRUST.ahead).toISOString();
  const { setBack } = record.time;
  const leapt = setBack && new Date(setBack.from).toISOString();
  const before = leapt && leapt < latest ? leapt : latest;
  const undated = new Set(record.undated?.ids);
  const since = record.undated?.since ?? Number.POSITIVE_INFINITY;
  const put: PersonWrite[] = [];
  for (const { id, demo, identity } of store.people.values()) {
    // A start reads hundreds of thousands of dates: those in the usual form are compared as they are written.
    if (!undated.has(id) && datesOf(identity).every((date) => isUsual(date) && date < before)) continue;
    const doubted = { from: undated.has(id) ? since : Number.POSITIVE_INFINITY, shift: record.time.shift };
    const moved = corrected(identity, { ...(undated.has(id) || !setBack ? doubted : setBack), now });
    if (moved && !demo) put.push({ id, demo, identity: moved });
  }
  if (put.length === 0 && undated.size === 0 && !setBack) return;
  await editor.apply((at) => ({
    put,
    meta: [record.corrected()],
    log: put.map(({ id }) => ({ actor: 'kiosk', action: 'dates-corrected', person: id })),
    at,
  }));
}

/** Whether a date is written as `toISOString` writes it, so that texts compare as the moments do. */
export const isUsual = (date: string): boolean => date.length === 24;

/** The dates that may be moved. */
const datesOf = ({ enrolledAt, changedAt, lastVisit, previousVisit, consent }: Identity): string[] =>
  [enrolledAt, changedAt, lastVisit, previousVisit, consent.givenAt].filter((date) => date !== null);

interface Correction {
  /** dates from this moment on are moved, milliseconds since 1970 */
  readonly from: number;
  readonly shift: number;
  readonly now: number;
}

/** null where every date is right. */
function corrected(identity: Identity, { from, shift, now }: Correction): Identity | null {
  const moved = (date: string): string => {
    const moment = Date.parse(date);
    if (moment >= from) return new Date(Math.min(now, moment + shift)).toISOString();
    return moment > now + TRUST.ahead ? new Date(now).toISOString() : date;
  };
  const { consent, lastVisit, previousVisit } = identity;
  const givenAt = moved(consent.givenAt);
  const length = Date.parse(consent.expiresAt) - Date.parse(consent.givenAt);
  const dates = {
    enrolledAt: moved(identity.enrolledAt),
    changedAt: moved(identity.changedAt),
    lastVisit: lastVisit && moved(lastVisit),
    previousVisit: previousVisit && moved(previousVisit),
    consent:
      givenAt === consent.givenAt
        ? consent
        : { ...consent, givenAt, expiresAt: new Date(Date.parse(givenAt) + length).toISOString() },
  };
  const changed = (Object.keys(dates) as (keyof typeof dates)[]).some(
    (name) => dates[name] !== identity[name],
  );
  return changed ? { ...identity, ...dates } : null;
}

/** The newest moment that somebody's record names, milliseconds since 1970; -Infinity: nobody is there. */
export function newestDate(people: Iterable<Entry>): number {
  let newest = Number.NEGATIVE_INFINITY;
  let latest = '';
  for (const { identity, demo } of people)
    if (!demo)
      for (const date of [identity.changedAt, identity.lastVisit]) {
        if (date === null || (isUsual(date) && date <= latest)) continue;
        newest = Math.max(newest, Date.parse(date));
        latest = new Date(newest).toISOString();
      }
  return newest;
}
