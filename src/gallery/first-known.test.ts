import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { gallery, name, reopen, withGallery } from './test-gallery.ts';
import { newPerson } from './test-people.ts';
import { openStoreOf } from './test-store.ts';

const PIN = '482915';

withGallery();
beforeEach(async () => void (await gallery.lock.setPin(PIN)));

/** Spoils what is stored of a person. */
async function spoil(id: string): Promise<void> {
  gallery.close();
  const { storage } = await openStoreOf(name);
  await storage.database.identities.update(id, { sealed: new Uint8Array(64) });
  storage.database.close();
}

describe('when the kiosk first found something wrong', () => {
  it('is nothing in a whole kiosk, whatever is checked', async () => {
    await gallery.staff.people();
    await gallery.staff.checkLog();
    expect(await gallery.staff.firstKnown()).toEqual({});
  });

  it('is kept from the opening that found it, over restarts, until it is found no more', async () => {
    const { id } = await gallery.enrol(newPerson('kept', 1));
    await spoil(id);
    await reopen();
    await gallery.lock.unlock(PIN);
    const first = (await gallery.staff.firstKnown())['records-damaged'];
    expect(Date.parse(first!)).not.toBeNaN();
    await reopen();
    await gallery.lock.unlock(PIN);
    await gallery.staff.people();
    expect((await gallery.staff.firstKnown())['records-damaged']).toBe(first);
    await gallery.discardDamaged(id);
    await gallery.staff.people();
    expect(await gallery.staff.firstKnown()).toEqual({});
  });
});
