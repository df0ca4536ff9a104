import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { MODEL, newPerson, OTHER_MODEL, running } from '../test-people.ts';

const WEEK = 7 * 86_400_000;

let clock: TwoClocks;
beforeEach(() => {
  clock = new TwoClocks();
});
withGallery(() => ({ clock }));

const greeted = async (scores: readonly number[]) => {
  for (const score of scores) await gallery.tally.count({ kind: 'greeted', score });
};
/** Missed and all looks, by strictness. */
const missed = () =>
  gallery.staff
    .strictnessChoices()
    .map(({ strictness, missed }) => [strictness, missed?.missed, missed?.looks]);

describe('the tally', () => {
  it('counts looks by how they ended, week by week, and keeps them over a restart', async () => {
    await greeted([0.9]);
    await gallery.tally.count({ kind: 'unknown', near: true });
    await gallery.tally.count({ kind: 'unknown', near: false });
    await gallery.tally.count({ kind: 'not-me' });
    await gallery.tally.count({ kind: 'alike' });
    clock.pass(WEEK);
    await gallery.tally.count({ kind: 'missed', score: null });
    await reopen();
    expect(gallery.staff.weeks()).toEqual([
      { week: '2026-11-30', greeted: 0, unknown: 0, near: 0, alike: 0, notMe: 0, missed: 1 },
      { week: '2026-11-23', greeted: 1, unknown: 2, near: 1, alike: 1, notMe: 1, missed: 0 },
    ]);
  });

  it('keeps half a year, and no more however long it runs', async () => {
    for (let week = 0; week < 40; week++) {
      await greeted([0.9]);
      clock.pass(WEEK);
    }
    expect(gallery.staff.weeks()).toHaveLength(26);
  });

  it('holds numbers alone: nothing of it names anybody', async () => {
    const { id } = await gallery.enrol(newPerson('a rare name', 1));
    await gallery.customers.visited(id, 'face');
    await greeted([0.71, 0.72]);
    const kept = await (await gallery.staff.backup('correct horse battery')).text();
    expect(kept).not.toContain('tally');
    expect(JSON.stringify(gallery.staff.weeks())).not.toMatch(new RegExp(`${id}|rare`));
  });

  it('begins anew where it is damaged', async () => {
    await greeted([0.9]);
    gallery.close();
    const raw = await new Dexie(name).open();
    await raw.table('meta').put({ id: 'tally', sealed: new Uint8Array(30) });
    raw.close();
    await reopen();
    expect(gallery.staff.weeks()).toEqual([]);
    await greeted([0.9]);
    expect(gallery.staff.weeks()).toMatchObject([{ greeted: 1 }]);
  });
});

describe('the estimate of missed customers', () => {
  it('tells for each choice how many looks at own customers lie below its threshold', async () => {
    await gallery.enrol(newPerson('anna', 1));
    // Thresholds of the test's model: 0.4, 0.5 and 0.6.
    await greeted([...Array(90).fill(0.8), ...Array(6).fill(0.55)]);
    for (const score of [0.45, 0.45, 0.3]) await gallery.tally.count({ kind: 'missed', score });
    await gallery.tally.count({ kind: 'missed', score: null });
    expect(missed()).toEqual([
      ['lenient', 2, 100],
      ['normal', 4, 100],
      ['strict', 10, 100],
    ]);
  });

  it('says that there are not enough looks below fifty', async () => {
    await greeted(Array(49).fill(0.8));
    expect(gallery.staff.strictnessChoices()[0]!.missed).toEqual({ looks: 49, missed: 0, enough: false });
    await greeted([0.8]);
    expect(gallery.staff.strictnessChoices()[0]!.missed).toMatchObject({ enough: true });
  });

  it('takes nothing of another model’s scores, and nothing older than a quarter', async () => {
    await greeted(Array(60).fill(0.8));
    await gallery.matcher.setModel({ ...running, modelHash: OTHER_MODEL });
    expect(gallery.staff.strictnessChoices()[0]!.missed).toMatchObject({ looks: 0 });
    await gallery.matcher.setModel({ ...running, modelHash: MODEL });
    for (let week = 0; week < 14; week++) {
      clock.pass(WEEK);
      await greeted([0.8]);
    }
    expect(gallery.staff.strictnessChoices()[0]!.missed).toMatchObject({ looks: 13 });
  });
});
