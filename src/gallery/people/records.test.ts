import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../crypto/bytes.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';
import { openStoreOf } from '../test-store.ts';

const access = { telephone: '010-1234-5678', pin: '2468' };
/** What the kiosk's keypad types. */
const typed = { telephone: '01012345678', pin: '2468' };

withGallery();

/** Gives a person the telephone's tag that was made of these digits before numbers had a normal form. */
async function saveUnder(id: string, digits: string): Promise<void> {
  gallery.close();
  const store = await openStoreOf(name);
  const tag = toHex(await store.installation.epochDigest(store.epoch, 'telephone', utf8(digits)));
  const { demo, identity } = store.entry(id);
  const at = new Date().toISOString();
  await store.commit(() => ({
    put: [{ id, demo, identity: { ...identity, access: { ...identity.access!, tag } } }],
    log: [],
    at,
  }));
  store.database.close();
  await reopen();
}

describe('a telephone number', () => {
  it.each([
    '010-1234-5678',
    '+82 10-1234-5678',
    '+82 (0)10-1234-5678',
    '0082 10 1234 5678',
    '０１０-１２３４-５６７８',
    '\u202A010 1234 5678\u202C',
  ])('saved as %j opens the page by what the keypad types', async (telephone) => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access: { ...access, telephone } });
    expect(await gallery.customers.lookUp(typed)).toMatchObject({ kind: 'found', page: { id } });
    await expect(gallery.enrol({ ...newPerson('b', 2), access })).rejects.toMatchObject({
      code: 'access-taken',
    });
  });

  it.each(['821012345678', '8201012345678', '00821012345678'])(
    'saved under %s before there was a normal form opens the page and stays taken',
    async (digits) => {
      const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
      await saveUnder(id, digits);
      expect(await gallery.customers.lookUp(typed)).toMatchObject({ kind: 'found', page: { id } });
      await expect(gallery.enrol({ ...newPerson('b', 2), access })).rejects.toMatchObject({
        code: 'access-taken',
      });
    },
  );

  it('saved twice in two spellings before opens the page of whose PIN it is', async () => {
    const anna = await gallery.enrol({ ...newPerson('anna', 1), access });
    await saveUnder(anna.id, '821012345678');
    const other = { telephone: '010-9999-9999', pin: '1357' };
    const bob = await gallery.enrol({ ...newPerson('bob', 2), access: other });
    await saveUnder(bob.id, '01012345678');
    expect(await gallery.customers.lookUp(typed)).toMatchObject({ page: { id: anna.id } });
    expect(await gallery.customers.lookUp({ ...typed, pin: '1357' })).toMatchObject({ page: { id: bob.id } });
    expect(await gallery.customers.lookUp({ ...typed, pin: '1111' })).toMatchObject({ kind: 'wrong' });
  });

  it('that the keypad cannot type is refused with the reason', async () => {
    for (const [telephone, reason] of [
      ['010-1234-5678 ext. 3', 'digits'],
      ['010-1234', 'area code'],
      ['010-1234-56789', 'too many'],
    ] as const)
      await expect(
        gallery.enrol({ ...newPerson('anna', 1), access: { ...access, telephone } }),
      ).rejects.toMatchObject({ code: 'invalid-person', message: expect.stringContaining(reason) });
    expect((await gallery.load()).people).toEqual([]);
  });

  it('takes a PIN in full-width digits, as a Korean keyboard may write it', async () => {
    await gallery.enrol({ ...newPerson('anna', 1), access: { ...access, pin: '２４６８' } });
    expect(await gallery.customers.lookUp(typed)).toMatchObject({ kind: 'found' });
  });
});

describe('a name', () => {
  it.each(['', ' ', '\n', '\u3164', '\u200B', '\u2800', '\uD800', '\u202E\u2066'])(
    'of which nothing is seen is refused: %j',
    async (blank) => {
      const invalid = { code: 'invalid-person' };
      await expect(gallery.enrol(newPerson(blank, 1))).rejects.toMatchObject(invalid);
      const { id } = await gallery.enrol(newPerson('anna', 1));
      await expect(gallery.staff.rename(id, blank)).rejects.toMatchObject(invalid);
    },
  );

  it('and a note are kept without what shows nothing', async () => {
    const { id } = await gallery.enrol(newPerson(' 김\u200B민지\n'.normalize('NFD'), 1));
    expect((await gallery.staff.person(id)).name).toBe('김민지');
    await gallery.staff.rename(id, 'Anna\u2028Lee\u3164');
    await gallery.staff.setNote(id, 'a\u0000b\u3164\r\nc ');
    expect(await gallery.staff.person(id)).toMatchObject({ name: 'Anna Lee', note: 'ab\nc' });
  });
});
