import { systemClock } from '@rounz/core/time/clock.ts';
import { openStaffKeys, publicKeyOf } from './desk/staff-keys.ts';
import { openStorage } from './store/storage.ts';
import { Store } from './store/store.ts';

/**
 * The store of a gallery that is closed, for tests that look behind the gallery. The caller closes `storage.database`.
 *
 * @param cacheFrom people from whom on the cache of people is kept
 */
export async function openStoreOf(name: string, cacheFrom = Number.POSITIVE_INFINITY): Promise<Store> {
  const storage = await openStorage(name, systemClock);
  const staffKey = await publicKeyOf(await openStaffKeys(storage));
  return Store.open(storage, staffKey, {
    cacheFrom,
    logNote: { read: () => null, write: () => {} },
  });
}
