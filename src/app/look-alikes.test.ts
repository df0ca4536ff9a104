import 'fake-indexeddb/auto';
import { normalise } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Person } from '../gallery/contract/person.ts';
import { openGallery } from '../gallery/gallery.ts';
import { gallery, ROUNDS, reopen, withGallery } from '../gallery/test-gallery.ts';
import { embedding, MODEL, newPerson, running, template } from '../gallery/test-people.ts';
import { createRecogniser, type Sample } from '../state/engine/recogniser.ts';

withGallery();

const PASSPHRASE = 'correct horse battery';

/** Somebody whose face is that of person `seed` but for a little of person `other`'s. */
const twinOf = (seed: number, other: number, share: number): Float32Array => {
  const added = embedding(other);
  return normalise(embedding(seed).map((value, i) => value + share * added[i]!));
};

const named = async (name: string, from = gallery): Promise<Person> =>
  (await from.load()).people.find((one) => one.name === name)!;

/** Two people who look alike, as staff said when the second was enrolled. */
async function twins(): Promise<void> {
  const anna = await gallery.enrol(newPerson('anna', 1));
  await gallery.enrol({
    ...newPerson('bora', 2),
    templates: [{ ...template(2), embedding: twinOf(1, 2, 0.9) }],
    lookAlikes: [anna.id],
  });
}

async function areNoted(from = gallery): Promise<void> {
  const [anna, bora] = [await named('anna', from), await named('bora', from)];
  expect([anna.lookAlikes, bora.lookAlikes]).toEqual([[bora.id], [anna.id]]);
}

/** As whom a face is greeted: a name, `nobody`, or `alike` where the second factor is asked for. */
async function greeted(face: Float32Array): Promise<string> {
  const { people, ...rest } = await gallery.load();
  const recogniser = createRecogniser(
    { store: createStore(() => ({ kind: 'open' as const, people, ...rest })), engine: () => gallery },
    () => MODEL,
  );
  const quality = {
    interEyeDistance: 80,
    sharpness: 60,
    luma: 120,
    eyeOpenness: 0.3,
    pose: { yaw: 0, pitch: 0, roll: 0 },
  };
  const sample = { embedding: face, quality, at: 0 } as unknown as Sample;
  const verdict = recogniser.identify([sample, sample], []);
  if (verdict.kind === 'person') return verdict.person.name;
  return verdict.ambiguous ? 'alike' : 'nobody';
}

describe('people who look alike', () => {
  it('are noted in both records with the second, and the log tells so of both', async () => {
    await twins();
    await areNoted();
    const { entries } = await gallery.staff.log(20);
    const [anna, bora] = [await named('anna'), await named('bora')];
    const lines = entries.filter(({ action }) => action === 'look-alike-noted');
    expect(new Set(lines.map(({ person }) => person))).toEqual(new Set([anna.id, bora.id]));
    await reopen();
    await areNoted();
  });

  it('are noted where pictures of one are taken anew as well', async () => {
    const [anna, bora] = [
      await gallery.enrol(newPerson('anna', 1)),
      await gallery.enrol(newPerson('bora', 2)),
    ];
    await gallery.staff.noteLookAlike(bora.id, anna.id);
    await gallery.staff.noteLookAlike(anna.id, bora.id);
    await areNoted();
    await expect(gallery.staff.noteLookAlike(anna.id, 'nobody')).rejects.toMatchObject({
      code: 'unknown-person',
    });
    expect((await named('anna')).lookAlikes).toEqual([bora.id]);
  });

  it('are both asked for the second factor, until one of them is gone', async () => {
    await gallery.matcher.setModel(running);
    await twins();
    const [anna, bora] = [embedding(1), twinOf(1, 2, 0.9)];
    expect([await greeted(anna), await greeted(bora), await greeted(embedding(3))]).toEqual([
      'alike',
      'alike',
      'nobody',
    ]);
    await gallery.staff.withdraw((await named('bora')).id);
    expect(await greeted(anna)).toBe('anna');
  });

  it('are asked for it where a face leads by a hair, though nobody noted it', async () => {
    const [anna, bora] = [embedding(1), twinOf(1, 2, 0.9)];
    await gallery.enrol({ ...newPerson('anna', 1), templates: [template(1)] });
    await gallery.enrol({ ...newPerson('bora', 2), templates: [{ ...template(2), embedding: bora }] });
    const between = (share: number) => normalise(anna.map((value, i) => value + share * bora[i]!));
    expect([await greeted(between(0.99)), await greeted(between(1.01))]).toEqual(['alike', 'alike']);
    expect([await greeted(between(0.5)), await greeted(between(2))]).toEqual(['anna', 'bora']);
  });

  it('stay noted over a re-key, which gives them new ids', async () => {
    await twins();
    const before = await named('anna');
    await gallery.staff.rekey();
    expect((await named('anna')).id).not.toBe(before.id);
    await areNoted();
    await reopen();
    await areNoted();
  });

  it('stay noted in a backup: on another kiosk, and here after a re-key', async () => {
    await twins();
    const backup = await gallery.staff.backup(PASSPHRASE);
    const other = await openGallery({
      name: 'look-alikes-other',
      rounds: ROUNDS,
      backupCost: { memory: 8, passes: 1 },
    });
    await other.staff.restore(backup, PASSPHRASE, 'merge');
    await areNoted(other);
    other.close();
    await gallery.staff.rekey();
    await gallery.staff.restore(backup, PASSPHRASE, 'replace');
    await areNoted();
  });

  it('are noted for those alone who are there: who withdrew is in no restored record', async () => {
    await twins();
    const backup = await gallery.staff.backup(PASSPHRASE);
    await gallery.staff.withdraw((await named('bora')).id);
    await gallery.staff.restore(backup, PASSPHRASE, 'replace');
    expect((await named('anna')).lookAlikes).toEqual([]);
  });
});
