import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it } from 'vitest';
import { openFile } from '../backup/container.ts';
import { decodeContent } from '../backup/content.ts';
import { fromBase64, fromJsonBytes } from '../crypto/bytes.ts';
import { openGallery } from '../gallery.ts';
import { transformOf } from '../store/installation.ts';
import { protect } from '../store/records.ts';
import { readTwofold } from '../store/twofold.ts';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, ROUNDS, reopen, withGallery } from '../test-gallery.ts';
import { embedding, MODEL, newPerson, running, template } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';
import { openStoreOf } from '../test-store.ts';

withGallery();

describe('a person of several pictures', () => {
  const [one, two] = [embedding(31), embedding(32)];
  const person = {
    ...newPerson('anna', 31),
    templates: [
      { ...template(31), embedding: one },
      { ...template(32), embedding: two },
    ],
  };
  const scoreOf = (probe: Float32Array): number => {
    const decision = gallery.matcher.identify({ embedding: probe, modelHash: MODEL });
    return decision.kind === 'known' ? decision.score : decision.nearest!.score;
  };
  /** The unit vector of a sum, recomputed here. */
  const sumOf = (a: Float32Array, b: Float32Array): Float32Array => {
    const sum = a.map((value, i) => value + b[i]!);
    const length = Math.hypot(...sum);
    return sum.map((value) => value / length);
  };

  it('lies in the store as one template, whatever was added; what earlier versions wrote becomes one', async () => {
    const { id } = await gallery.enrol(person);
    await gallery.staff.addTemplates(id, [{ ...template(33), embedding: embedding(33) }]);
    gallery.close();
    const stored = async () => {
      const store = await openStoreOf(name);
      const set = (await store.templatesOf(id))!;
      store.database.close();
      return set.templates;
    };
    const third = embedding(33);
    const length = Math.hypot(...one.map((value, i) => value + two[i]! + third[i]!));
    expect(await stored()).toEqual([expect.objectContaining({ weight: expect.closeTo(length, 3) })]);
    // As version 1.0.0 wrote it: a template of each picture.
    const store = await openStoreOf(name);
    const pictures = await Promise.all(
      [one, two].map(async (values, i) => {
        const transform = await store.installation.transform(store.epoch, 512);
        return protect({ ...template(31 + i), embedding: values }, transform);
      }),
    );
    const entry = store.entry(id);
    const marks = pictures.map(({ modelHash, createdAt }) => ({ modelHash, createdAt }));
    const identity = { ...entry.identity, templates: marks };
    const at = new Date().toISOString();
    await store.commit(() => ({ put: [{ id, demo: false, identity, templates: pictures }], log: [], at }));
    expect((await store.templatesOf(id))!.templates).toHaveLength(2);
    store.database.close();
    const clock = new TwoClocks();
    clock.setWall(Date.now());
    const later = await openGallery({ name, rounds: ROUNDS, clock });
    clock.pass(61_000);
    await quiet();
    later.close();
    expect(await stored()).toHaveLength(1);
    await reopen();
    await gallery.matcher.setModel(running);
    expect(scoreOf(sumOf(one, two))).toBeCloseTo(1, 3);
    expect((await gallery.staff.person(id)).currentTemplates).toBe(2);
  });
});

describe('an older record that is put back', () => {
  it.each([
    ['a visit', (id: string) => gallery.customers.visited(id, 'face')],
    ['a saved frame', (id: string) => gallery.customers.saveFrame(id, 'frame-1')],
  ])('of before %s opens with nothing', async (_, change) => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const raw = await new Dexie(name).open();
    const before = (await raw.table('identities').get(id)) as object;
    await change(id);
    await raw.table('identities').put(before);
    raw.close();
    await reopen();
    expect((await gallery.load()).damaged.map((record) => record.id)).toEqual([id]);
  });
});

describe('the transform of the templates', () => {
  it('takes the device’s key beside its seed, and a backup has one of its own', async () => {
    const person = newPerson('anna', 1);
    await gallery.enrol({ ...person, templates: [person.templates[0]!] });
    const file = await gallery.staff.backup('correct horse battery');
    gallery.close();
    const store = await openStoreOf(name);
    const { installation, files } = store.storage;
    const plain = await readTwofold(files, installation.device, 'secrets');
    const [{ bound }] = Object.values(fromJsonBytes(plain!) as Record<string, { bound: string }>) as [
      { bound: string },
    ];
    const kept = await installation.transform(store.epoch, 512);
    const least = { cost: { memory: 8, passes: 1 }, rounds: ROUNDS };
    const { manifest } = await decodeContent(await openFile(file, 'correct horse battery', least));
    store.database.close();
    const face = embedding(1);
    const turned = kept.apply(face);
    for (const seed of [bound, manifest.seed]) {
      const other = (await transformOf(fromBase64(seed), 512)).apply(face);
      expect(Math.abs(turned.reduce((sum, value, i) => sum + value * other[i]!, 0))).toBeLessThan(0.3);
    }
    await reopen();
  });
});
