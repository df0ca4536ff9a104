import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { expect, it } from 'vitest';
import { openGallery } from '../gallery.ts';
import { MODEL, near, newPerson, running } from '../test-people.ts';

const PIN = '493817';
let count = 0;

async function withAnna() {
  const name = `twofold-${++count}`;
  const open = () => openGallery({ name, rounds: 100 });
  const gallery = await open();
  const { id } = await gallery.enrol(newPerson('anna', 1));
  await gallery.staff.setNote(id, 'a note');
  return { gallery, id, name, open };
}

it.each([
  ['the seed', 'files', 'secrets'],
  ['the copy of the seed', 'files', 'secrets-copy'],
  ['the key of the first start', 'files', 'staff-first'],
  ['staff’s keys', 'meta', 'staff'],
  ['the copy of staff’s keys', 'meta', 'staff-copy'],
])('%s may be damaged or gone: nobody is lost, and it is mended', async (_, table, key) => {
  const { gallery, id, name, open } = await withAnna();
  gallery.close();
  type Row = { bytes?: Uint8Array; sealed?: Uint8Array };
  const raw = await new Dexie(name).open();
  const spoil: ((row: Row) => Promise<unknown>)[] = [
    (row) => {
      const bytes = Uint8Array.from((row.bytes ?? row.sealed)!);
      bytes[20]! ^= 1;
      return raw.table(table).put({ ...row, [row.bytes ? 'bytes' : 'sealed']: bytes });
    },
    () => raw.table(table).delete(key),
  ];
  for (const one of spoil) {
    await one((await raw.table(table).get(key)) as Row);
    const again = await open();
    await again.matcher.setModel(running);
    expect(again.matcher.identify({ embedding: near(1), modelHash: MODEL })).toMatchObject({ personId: id });
    expect(await again.staff.person(id)).toMatchObject({ note: 'a note' });
    again.close();
    expect(await raw.table(table).get(key)).toBeDefined();
  }
  // Mended: now the other one may go.
  const other = key.endsWith('-copy') ? key.slice(0, -'-copy'.length) : `${key}-copy`;
  await raw.table(table).delete(other);
  const last = await open();
  expect(await last.staff.person(id)).toMatchObject({ note: 'a note' });
  last.close();
  raw.close();
});

it('the key of the first start is gone with its copy once there is a PIN', async () => {
  const { gallery, name } = await withAnna();
  await gallery.lock.setPin(PIN);
  gallery.close();
  const raw = await new Dexie(name).open();
  expect(await raw.table('files').where('name').startsWith('staff-first').count()).toBe(0);
  raw.close();
});
