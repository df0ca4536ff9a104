import type { Store } from '../store/store.ts';
import { isUsual } from './dates.ts';
import type { Editor } from './editor.ts';

/** Deletes everybody whose consent has run out, and nobody while the clock is in doubt. @returns how many */
export async function purgeExpired(store: Store, editor: Editor): Promise<number> {
  const { time } = store.storage.record;
  if (time.doubt()) return 0;
  const now = time.now();
  const today = new Date(now).toISOString();
  // From what was unsealed, not from the table's own column: nobody is deleted by a changed date.
  const ids = [...store.people.values()]
    .filter(({ identity: { consent } }) =>
      isUsual(consent.expiresAt) ? consent.expiresAt <= today : Date.parse(consent.expiresAt) <= now,
    )
    .map(({ id }) => id);
  await editor.expire(ids);
  return ids.length;
}
