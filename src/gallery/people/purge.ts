import { PEOPLE } from '@rounz/core/people/limits.ts';
import { z } from 'zod';
import { GALLERY } from '../base/config.ts';
import type { Store } from '../store/store.ts';
import { isUsual } from './dates.ts';
import type { Editor } from './editor.ts';

z.config({ jitless: true });

const DAMAGED_SINCE = 'damaged-since';
/** When records without a readable date were first found damaged, milliseconds since 1970, by id. */
const sinceSchema = z.record(z.string(), z.number());
type Since = z.infer<typeof sinceSchema>;
const dateSchema = z.iso.datetime();
const DAY = 86_400_000;

/**
 * Deletes everybody whose consent has surely run out: nobody while the clock is in doubt, and some days later where it has leapt.
 *
 * @returns how many
 */
export async function purgeExpired(store: Store, editor: Editor): Promise<number> {
  const { time } = store.storage.record;
  if (time.doubt()) return 0;
  const now = time.reached();
  const today = new Date(now).toISOString();
  // From what was unsealed, not from the table's own column: nobody who can be read is deleted by a changed date.
  const ids = [...store.people.values()]
    .filter(({ identity: { consent } }) =>
      isUsual(consent.expiresAt) ? consent.expiresAt <= today : Date.parse(consent.expiresAt) <= now,
    )
    .map(({ id }) => id);
  const all = [...ids, ...(await expiredDamaged(store, now))];
  await editor.expire(all);
  return all.length;
}

/** Forgets who withdrew so long ago that no consent of theirs can hold, and nobody while the clock is in doubt. */
export async function forgetWithdrawn({ storage: { record, withdrawals } }: Store): Promise<void> {
  if (record.time.doubt()) return;
  const before = record.time.reached() - GALLERY.withdrawnDays * DAY;
  await withdrawals.forgetBefore(new Date(before).toISOString());
}

/** Damaged records are kept no longer than others: to the date beside the seal, or as long as a consent of today. */
async function expiredDamaged(store: Store, now: number): Promise<readonly string[]> {
  const ids = [...store.damaged.keys()].filter((id) => !store.people.has(id));
  if (ids.length === 0) return [];
  const records = await store.database.identities.bulkGet(ids);
  const ends = new Map(
    ids.map((id, i) => {
      const { data } = dateSchema.safeParse(records[i]?.expiresAt);
      return [id, data === undefined ? Number.NaN : Date.parse(data)];
    }),
  );
  const undated = ids.filter((id) => !Number.isFinite(ends.get(id)));
  const since = undated.length > 0 ? await damagedSince(store, undated, now) : {};
  for (const id of undated) ends.set(id, since[id]! + PEOPLE.retentionDays * DAY);
  return ids.filter((id) => ends.get(id)! <= now);
}

async function damagedSince(store: Store, ids: readonly string[], now: number): Promise<Since> {
  const { meta } = store.storage;
  const kept = (await meta.get(DAMAGED_SINCE, sinceSchema).catch(() => null)) ?? {};
  const next: Since = Object.fromEntries(ids.map((id) => [id, Math.min(now, kept[id] ?? now)]));
  if (JSON.stringify(next) !== JSON.stringify(kept)) await meta.put(DAMAGED_SINCE, next);
  return next;
}
