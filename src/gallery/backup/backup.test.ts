import 'fake-indexeddb/auto';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackupError } from '../base/errors.ts';
import type { BackupProblem } from '../contract/backup.ts';
import type { GalleryEngine } from '../contract/gallery.ts';
import { concat, fromBase64, jsonBytes, sha256, toBase64, toHex, utf8 } from '../crypto/bytes.ts';
import { stretch } from '../crypto/passwords.ts';
import { importSecret } from '../crypto/seal.ts';
import { openGallery } from '../gallery.ts';
import { transformOf } from '../store/installation.ts';
import { protect } from '../store/records.ts';
import { TwoClocks } from '../test-clocks.ts';
import { MODEL, near, newPerson, running, template } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';
import { openStoreOf } from '../test-store.ts';
import { openFile } from './container.ts';
import { decodeContent, encodeContent } from './content.ts';

const PASSPHRASE = 'correct horse battery';
const ROUNDS = 100;
const QUICK = { memory: 8, passes: 1 };
/** Mutations of a file; `npm run fuzz` tries more. */
const MUTATIONS = process.env['FUZZ_CASES'] ? 10_000 : 1_000;

let count = 0;
const opened: GalleryEngine[] = [];
async function kiosk(): Promise<GalleryEngine> {
  const gallery = await openGallery({ name: `backup-${++count}`, rounds: ROUNDS, backupCost: QUICK });
  await gallery.matcher.setModel(running);
  opened.push(gallery);
  return gallery;
}
const who = (gallery: GalleryEngine, seed: number): string | null => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.personId : null;
};
const names = async (gallery: GalleryEngine): Promise<string[]> =>
  (await gallery.load()).people.map(({ name }) => name).sort();
/** Everything that staff can see of it. */
const state = async (gallery: GalleryEngine): Promise<string> => JSON.stringify(await gallery.staff.people());

let here: GalleryEngine;
let there: GalleryEngine;
const access = { telephone: '010-1234-5678', pin: '2468' };

beforeEach(async () => {
  here = await kiosk();
  there = await kiosk();
});
afterEach(() => {
  for (const gallery of opened.splice(0)) gallery.close();
});

describe('a backup', () => {
  it('brings back whom the kiosk erased as expired, where the consent was renewed on another', async () => {
    const clock = new TwoClocks();
    const at = async (name: string) => {
      const gallery = await openGallery({ name, rounds: ROUNDS, backupCost: QUICK, clock });
      opened.push(gallery);
      return gallery;
    };
    const [first, second] = [await at(`backup-${++count}`), await at(`backup-${++count}`)];
    const givenAt = clock.date();
    const expiresAt = new Date(clock.wall + 3_600_000).toISOString();
    const { id } = await first.enrol({
      ...newPerson('anna', 1),
      consent: { version: '1', givenAt, expiresAt },
    });
    await second.staff.restore(await first.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    await second.staff.renewConsent(id, { version: '1', givenAt });
    const renewed = await second.staff.backup(PASSPHRASE);
    clock.pass(2 * 3_600_000);
    await quiet();
    expect(await names(first)).toEqual([]);
    expect(await first.staff.restore(renewed, PASSPHRASE, 'merge')).toMatchObject({ added: 1, withdrawn: 0 });
    expect(await names(first)).toEqual(['anna']);
  });

  it('moves everybody to a new kiosk with their pages; PINs alone are set anew', async () => {
    const anna = await here.enrol({ ...newPerson('anna', 1), access });
    const bora = await here.enrol(newPerson('bora', 2));
    await here.staff.setNote(anna.id, 'round frames');
    await here.customers.saveFrame(anna.id, 'frame-7');
    const file = await here.staff.backup(PASSPHRASE);
    expect(await there.staff.previewBackup(file, PASSPHRASE)).toMatchObject({
      people: 2,
      templates: 2,
      added: 2,
      updated: 0,
      unchanged: 0,
      removedByReplace: 0,
      pinsToSet: 1,
    });
    expect(await names(there)).toEqual([]);
    await there.staff.restore(file, PASSPHRASE, 'replace');
    expect([who(there, 1), who(there, 2), who(there, 3)]).toEqual([anna.id, bora.id, null]);
    expect(await there.staff.person(anna.id)).toMatchObject({
      note: 'round frames',
      telephone: access.telephone,
    });
    // The PIN is hashed with a key that no backup carries: staff set a new one.
    expect(await there.customers.lookUp(access)).toMatchObject({ kind: 'wrong' });
    await there.staff.setAccess(anna.id, access);
    expect(await there.customers.lookUp(access)).toMatchObject({
      kind: 'found',
      page: { id: anna.id, savedFrames: ['frame-7'] },
    });
  });

  it('is merged: newer records win, those who withdrew or whose consent ran out stay away', async () => {
    const [a, b, c] = [
      await here.enrol(newPerson('a', 1)),
      await here.enrol(newPerson('b', 2)),
      await here.enrol(newPerson('c', 3)),
    ];
    const file = await here.staff.backup(PASSPHRASE);
    await here.staff.rename(a.id, 'a, renamed since');
    await here.staff.withdraw(b.id);
    await here.enrol(newPerson('d', 4));
    const preview = await here.staff.restore(file, PASSPHRASE, 'merge');
    expect(preview).toMatchObject({ added: 0, updated: 0, unchanged: 2, withdrawn: 1, removedByReplace: 1 });
    expect(await names(here)).toEqual(['a, renamed since', 'c', 'd']);
    await here.staff.restore(file, PASSPHRASE, 'replace');
    expect(await names(here)).toEqual(['a', 'c']);
    expect(who(here, 4)).toBeNull();
    const short = {
      ...newPerson('short', 5),
      consent: {
        version: '1',
        givenAt: '2020-01-01T00:00:00.000Z',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    };
    await here.enrol(short);
    const late = await here.staff.backup(PASSPHRASE);
    const clock = new TwoClocks();
    clock.setWall(Date.now() + 2 * 3_600_000);
    const later = await openGallery({ name: `backup-${++count}`, rounds: ROUNDS, backupCost: QUICK, clock });
    opened.push(later);
    expect(await later.staff.restore(late, PASSPHRASE, 'merge')).toMatchObject({ expired: 1, added: 2 });
    expect(await names(later)).toEqual(['a', 'c']);
    expect(c.id).toBeTruthy();
  });

  it('holds more people than a call takes arguments', () => {
    const at = new Date().toISOString();
    const identity = {
      name: '손님',
      enrolledAt: at,
      changedAt: at,
      consent: { version: '1', givenAt: at, expiresAt: at },
      templates: [],
      visits: 0,
      lastVisit: null,
      previousVisit: null,
      savedFrames: [],
      access: null,
    };
    const people = Array.from({ length: 70_000 }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      demo: false,
      identity,
      note: '',
      telephone: null,
      templates: [],
    }));
    const manifest = {
      format: 1,
      madeAt: at,
      people: people.length,
      seed: 'A'.repeat(43).concat('='),
      withdrawn: [],
    } as const;
    // Reading them back takes seconds; the last one is there.
    expect(Buffer.from(encodeContent({ manifest, people })).includes(people.at(-1)!.id)).toBe(true);
  });

  it('gives a telephone number that is taken here to nobody else', async () => {
    await here.enrol({ ...newPerson('anna', 1), access });
    const mine = await there.enrol({ ...newPerson('bora', 2), access: { ...access, pin: '9753' } });
    await there.staff.restore(await here.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    expect(await names(there)).toEqual(['anna', 'bora']);
    expect(await there.customers.lookUp({ ...access, pin: '9753' })).toMatchObject({ page: { id: mine.id } });
  });

  it('holds nothing in plain and takes a strong passphrase', async () => {
    await here.enrol({ ...newPerson('Plainly Anna', 1), access });
    const bytes = Buffer.from(await (await here.staff.backup(PASSPHRASE)).arrayBuffer());
    for (const text of ['Plainly', MODEL]) expect(bytes.includes(text)).toBe(false);
    expect(bytes.toString('latin1')).not.toMatch(/1234[ -]?5678/);
    await expect(here.staff.backup('short')).rejects.toMatchObject({ code: 'weak-passphrase' });
  });
});

describe('a backup of an earlier version', () => {
  /** As version 1 wrote it: a key by PBKDF2, a manifest without withdrawals, a template of each picture. */
  async function version1(rounds: number): Promise<Blob> {
    const [seed, salt] = [new Uint8Array(32).fill(7), new Uint8Array(16).fill(9)];
    const transform = await transformOf(seed, 512);
    const pictures = [1, 1].map(() => ({ ...protect(template(1), transform) }));
    const marks = pictures.map(({ modelHash, createdAt }) => ({ modelHash, createdAt }));
    const at = new Date().toISOString();
    const identity = {
      ...{ name: '김하늘', enrolledAt: at, changedAt: at, visits: 3, lastVisit: at, previousVisit: null },
      consent: { version: '1', givenAt: at, expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
      ...{ templates: marks, savedFrames: [], access: null },
    };
    const person = { id: crypto.randomUUID(), demo: false, identity, note: '', telephone: null };
    const heads = pictures.map(({ modelHash, createdAt, scale }) => ({
      modelHash,
      createdAt,
      size: 512,
      scale,
    }));
    const head = jsonBytes(heads);
    const length = (bytes: Uint8Array) => {
      const four = new Uint8Array(4);
      new DataView(four.buffer).setUint32(0, bytes.length, true);
      return four;
    };
    const planes = pictures.flatMap(({ high, low }) => [high, low].map((p) => new Uint8Array(p.buffer)));
    const frame = (bytes: Uint8Array) => [length(bytes), bytes];
    const manifest = { format: 1, madeAt: at, people: 1, seed: toBase64(seed) };
    const content = concat(
      ...frame(jsonBytes(manifest)),
      ...frame(jsonBytes(person)),
      ...frame(concat(length(head), head, ...planes)),
    );
    const fileHead = jsonBytes({ salt: toBase64(salt), rounds, chunk: 1 << 20, bytes: content.length });
    const prefix = concat(
      utf8('ROUNZBAK'),
      Uint8Array.of(0, 1, fileHead.length >> 8, fileHead.length & 255),
      fileHead,
    );
    const key = await importSecret(await stretch(PASSPHRASE, salt, rounds));
    const additionalData = jsonBytes([toHex(await sha256(prefix)), 0, true]);
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: new Uint8Array(12), additionalData },
      key,
      content,
    );
    return new Blob([prefix, sealed]);
  }

  it('still opens', async () => {
    const file = await version1(ROUNDS);
    expect(await here.staff.restore(file, PASSPHRASE, 'merge')).toMatchObject({ added: 1, templates: 2 });
    expect(await names(here)).toEqual(['김하늘']);
    expect(who(here, 1)).not.toBeNull();
  });

  it('is refused where its key costs less than any that a kiosk made', async () => {
    const weak = await version1(ROUNDS - 1);
    await expect(here.staff.previewBackup(weak, PASSPHRASE)).rejects.toMatchObject({
      problem: 'invalid-content',
    });
    const cheap = await here.staff.backup(PASSPHRASE);
    const strict = await openGallery({ name: `backup-${++count}`, backupCost: { memory: 64, passes: 1 } });
    opened.push(strict);
    await expect(strict.staff.previewBackup(cheap, PASSPHRASE)).rejects.toMatchObject({
      problem: 'invalid-content',
    });
  });
});

describe('a customer’s PIN', () => {
  it('works again at the kiosk that hashed it, and is not lost by the backup of another', async () => {
    const { id } = await here.enrol({ ...newPerson('anna', 1), access });
    const file = await here.staff.backup(PASSPHRASE);
    await here.staff.restore(file, PASSPHRASE, 'replace');
    expect(await here.customers.lookUp(access)).toMatchObject({ kind: 'found' });
    await there.staff.restore(file, PASSPHRASE, 'merge');
    await there.staff.rename(id, 'Anna Kim');
    await here.staff.restore(await there.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    expect(await here.customers.lookUp(access)).toMatchObject({ kind: 'found', page: { name: 'Anna Kim' } });
    // Staff of the second kiosk set one there: the first keeps its own.
    await there.staff.setAccess(id, { ...access, pin: '9753' });
    await here.staff.restore(await there.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    expect(await here.customers.lookUp(access)).toMatchObject({ kind: 'found' });
  });

  it('cannot be tried by whoever opens the backup', async () => {
    await here.enrol({ ...newPerson('anna', 1), access });
    const file = await here.staff.backup(PASSPHRASE);
    const least = { cost: QUICK, rounds: ROUNDS };
    const { people } = await decodeContent(await openFile(file, PASSPHRASE, least));
    const { salt, hash, rounds } = people[0]!.identity.access!;
    expect(toBase64(await stretch(access.pin, fromBase64(salt), rounds))).not.toBe(hash);
  });

  it('of an earlier version still fits, and is hashed with this kiosk’s key from then on', async () => {
    const { id } = await here.enrol({ ...newPerson('anna', 1), access });
    here.close();
    const store = await openStoreOf(`backup-${count - 1}`);
    const { demo, identity } = store.entry(id);
    const salt = new Uint8Array(16).fill(3);
    const hash = toBase64(await stretch(access.pin, salt, ROUNDS));
    const plain = { tag: identity.access!.tag, salt: toBase64(salt), hash, rounds: ROUNDS };
    const write = { id, demo, identity: { ...identity, access: plain } };
    await store.commit(() => ({ put: [write], log: [], at: new Date().toISOString() }));
    store.database.close();
    here = await openGallery({ name: `backup-${count - 1}`, rounds: ROUNDS, backupCost: QUICK });
    opened.push(here);
    for (let i = 0; i < 2; i++) expect(await here.customers.lookUp(access)).toMatchObject({ kind: 'found' });
    here.close();
    const after = await openStoreOf(`backup-${count - 1}`);
    expect(after.entry(id).identity.access).toMatchObject({ pepper: expect.any(String) });
    after.database.close();
  });
});

describe('a file that is refused', () => {
  async function refused(file: Blob, passphrase = PASSPHRASE): Promise<BackupProblem> {
    const before = await state(there);
    const error = await there.staff.restore(file, passphrase, 'replace').then(
      () => new Error('It was accepted.'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof BackupError)) throw error;
    expect(await state(there)).toBe(before);
    return error.problem;
  }

  it('is told apart: foreign, newer, cut off, damaged, with another passphrase', async () => {
    await here.enrol(newPerson('anna', 1));
    await there.enrol(newPerson('somebody', 2));
    const bytes = new Uint8Array(await (await here.staff.backup(PASSPHRASE)).arrayBuffer());
    const changed = (change: (copy: Uint8Array<ArrayBuffer>) => void) => {
      const copy = bytes.slice();
      change(copy);
      return new Blob([copy]);
    };
    expect(await refused(new Blob(['no backup at all, just text']))).toBe('not-a-backup');
    expect(await refused(new Blob([]))).toBe('truncated');
    expect(await refused(changed((copy) => copy.set([3], 9)))).toBe('newer-format');
    for (const length of [4, 11, 40, bytes.length - 1])
      expect(await refused(new Blob([bytes.slice(0, length)]))).toBe('truncated');
    expect(await refused(new Blob([bytes, 'x']))).toBe('damaged');
    expect(await refused(new Blob([bytes]), 'another passphrase')).toBe('wrong-passphrase');
    expect(await refused(changed((copy) => (copy[bytes.length - 20]! ^= 1)))).toBe('wrong-passphrase');
  });

  it('is refused in any mutation, without a crash, and changes nothing', async () => {
    for (let i = 0; i < 3; i++) await here.enrol(newPerson(`p${i}`, i + 1));
    await there.enrol(newPerson('somebody', 9));
    const before = await state(there);
    const bytes = new Uint8Array(await (await here.staff.backup(PASSPHRASE)).arrayBuffer());
    const uniform = mulberry32(1);
    const random = (below: number): number => Math.floor(uniform() * below);
    // Half of them hit the head, where there is most to parse.
    const place = (): number => (random(2) ? random(120) : random(bytes.length));
    const mutations: (() => Uint8Array<ArrayBuffer>)[] = [
      () => {
        const copy = bytes.slice();
        copy[place()]! ^= 1 << random(8);
        return copy;
      },
      () => bytes.slice(0, random(bytes.length)),
      () => {
        const [at, length] = [place(), 1 + random(16)];
        return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
      },
      () => {
        const copy = bytes.slice();
        const [from, to, length] = [place(), place(), 1 + random(32)];
        copy.set(bytes.slice(from, from + length).subarray(0, bytes.length - to), to);
        return copy;
      },
      () => Uint8Array.from([...bytes, random(256)]),
    ];
    const same = (copy: Uint8Array) =>
      copy.length === bytes.length && copy.every((byte, i) => byte === bytes[i]);
    const problems = new Map<string, number>();
    let tried = 0;
    while (tried < MUTATIONS) {
      const file = mutations[random(mutations.length)]!();
      if (same(file)) continue;
      tried++;
      const outcome = await there.staff.previewBackup(new Blob([file]), PASSPHRASE).then(
        () => 'accepted',
        (error: unknown) => (error instanceof BackupError ? error.problem : `crash: ${String(error)}`),
      );
      problems.set(outcome, (problems.get(outcome) ?? 0) + 1);
    }
    expect([...problems.keys()].filter((key) => key === 'accepted' || key.startsWith('crash'))).toEqual([]);
    expect(problems.size).toBeGreaterThan(3);
    expect(await state(there)).toBe(before);
  });
});
