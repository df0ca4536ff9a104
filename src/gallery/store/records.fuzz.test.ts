import 'fake-indexeddb/auto';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { Dexie } from 'dexie';
import { expect, it } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { MODEL, near, newPerson, running } from '../test-people.ts';

const TABLES = [
  'identities',
  'templates',
  'staffParts',
  'meta',
  'log',
  'counters',
  'files',
  'tombstones',
] as const;
/** records changed before each start: 3,200 in all, and 10,000 in `npm run fuzz` */
const BATCH = 50;
const STARTS = process.env['FUZZ_CASES'] ? 200 : 64;

const uniform = mulberry32(7);
const random = (below: number): number => Math.floor(uniform() * below);

type Record = { [field: string]: unknown };
const odd: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => random(1_000_000) - 500_000,
  () => 'text',
  () => new Uint8Array(random(40)),
  () => ({}),
  () => Number.NaN,
];

/** Changes one field or one byte; the primary key stays, for IndexedDB itself refuses others. */
function mutate(record: Record, key: string): Record {
  const fields = Object.keys(record).filter((field) => field !== key);
  const field = fields[random(fields.length)];
  if (field === undefined) return { ...record, extra: 1 };
  const value = record[field];
  if (value instanceof Uint8Array && value.length > 0 && random(4) > 0) {
    const bytes = value.slice(0, random(5) === 0 ? random(value.length) : value.length);
    if (bytes.length > 0) bytes[random(bytes.length)]! ^= 1 << random(8);
    return { ...record, [field]: bytes };
  }
  if (random(6) === 0) {
    const { [field]: _, ...rest } = record;
    return rest;
  }
  if (random(6) === 0) return { ...record, extra: odd[random(odd.length)]!() };
  return { ...record, [field]: odd[random(odd.length)]!() };
}

it('the gallery survives mutated records and confuses nobody', async () => {
  const name = 'fuzz';
  const open = (): Promise<GalleryEngine> => openGallery({ name, rounds: 10 });
  let gallery = await open();
  await gallery.matcher.setModel(running);
  const truth = new Map<string, { name: string; seed: number }>();
  for (let i = 0; i < 6; i++) {
    const { id } = await gallery.enrol(newPerson(`person ${i}`, i + 1));
    await gallery.staff.setNote(id, `note ${i}`);
    truth.set(id, { name: `person ${i}`, seed: i + 1 });
  }
  gallery.close();
  const raw = await new Dexie(name).open();
  const original = new Map(
    await Promise.all(raw.tables.map(async (t) => [t.name, await t.toArray()] as const)),
  );

  let refusedToOpen = 0;
  let damagedSeen = 0;
  for (let start = 0; start < STARTS; start++) {
    for (const table of raw.tables) {
      await table.clear();
      await table.bulkPut(original.get(table.name)!);
    }
    // One table at a time, so that the others' checks are reached; a few records of it, several times over.
    const table = raw.table(TABLES[start % TABLES.length]!);
    const rows = original.get(table.name)!;
    if (rows.length === 0) continue;
    const key = table.schema.primKey.keyPath as string;
    for (let i = 0; i < BATCH; i++) {
      const row = rows[random(rows.length)]! as Record;
      const stored = ((await table.get(row[key] as string)) ?? row) as Record;
      await table.put(mutate(random(2) ? stored : row, key)).catch(() => {});
    }
    try {
      gallery = await open();
    } catch (error) {
      // Refused as a whole, with its reason.
      expect(error).toMatchObject({ name: 'GalleryError' });
      refusedToOpen++;
      continue;
    }
    await gallery.matcher.setModel(running);
    const { people, damaged } = await gallery.load();
    damagedSeen += damaged.length;
    for (const person of people) expect(person.name).toBe(truth.get(person.id)?.name);
    for (const [id, { seed: face }] of truth) {
      const found = gallery.matcher.identify({ embedding: near(face), modelHash: MODEL });
      if (found.kind === 'known') expect(found.personId).toBe(id);
    }
    const seen = await gallery.staff.people().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'GalleryError' });
      return null;
    });
    for (const person of seen?.people ?? []) {
      expect(person.name).toBe(truth.get(person.id)?.name);
      expect(['', `note ${truth.get(person.id)!.seed - 1}`]).toContain(person.note);
    }
    gallery.close();
  }
  raw.close();
  expect(damagedSeen).toBeGreaterThan(STARTS / 4);
  // Two of the eight tables hold what no gallery opens without.
  expect(refusedToOpen).toBeLessThanOrEqual(STARTS / 4);
});
