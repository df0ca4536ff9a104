import 'fake-indexeddb/auto';
import type { BackendRace } from '@rounz/core/model/backend-race.ts';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GalleryEngine } from './contract/gallery.ts';
import type { ModelChoice } from './contract/recogniser.ts';
import { openGallery } from './gallery.ts';
import { AT, MODEL, newPerson, OTHER_MODEL, template } from './test-people.ts';

let name = '';
let count = 0;
let gallery: GalleryEngine;

const open = async (): Promise<GalleryEngine> => openGallery({ name, rounds: 1_000 });
async function reopen(): Promise<void> {
  gallery.close();
  gallery = await open();
}

const choice: ModelChoice = {
  name: 'small',
  reason: 'measured',
  at: AT,
  limit: 1_500,
  measured: [
    { name: 'big', milliseconds: 2_100, backend: 'wasm' },
    { name: 'small', milliseconds: 400, backend: 'wasm' },
  ],
};

beforeEach(async () => {
  name = `recogniser-${++count}`;
  gallery = await open();
});
afterEach(() => gallery.close());

it('the record of the recogniser outlives a restart, with its times and reason, and stands in the log', async () => {
  expect(gallery.recogniser.choice()).toBeNull();
  await gallery.recogniser.keep(choice);
  await reopen();
  expect(gallery.recogniser.choice()).toEqual(choice);
  await gallery.lock.setPin('493817');
  const { entries } = await gallery.staff.log(10);
  expect(entries.find(({ action }) => action === 'model-chosen')).toMatchObject({
    actor: 'kiosk',
    detail: 'small: measured, big 2100 ms on wasm, small 400 ms on wasm, limit 1500 ms',
  });
});

it('the record of the recogniser keeps what was passed over, and so does the log', async () => {
  const passed: ModelChoice = { ...choice, measured: [choice.measured[1]!], passedOver: ['big'] };
  await gallery.recogniser.keep(passed);
  await reopen();
  expect(gallery.recogniser.choice()).toEqual(passed);
  await gallery.lock.setPin('493817');
  const { entries } = await gallery.staff.log(10);
  expect(entries.find(({ action }) => action === 'model-chosen')!.detail).toBe(
    'small: measured, small 400 ms on wasm, limit 1500 ms, big passed over without a GPU',
  );
});

it('the record of the recogniser is kept once: another choice is refused', async () => {
  await gallery.recogniser.keep(choice);
  await expect(gallery.recogniser.keep({ ...choice, name: 'big' })).rejects.toMatchObject({
    code: 'already-set',
  });
  expect(gallery.recogniser.choice()).toEqual(choice);
});

it('the record of the recogniser is changed by staff with their PIN, and says so in the log', async () => {
  await gallery.recogniser.keep(choice);
  const { id } = await gallery.enrol(newPerson('kept', 1));
  await gallery.lock.setPin('493817');
  const big: ModelChoice = { ...choice, name: 'big', reason: 'staff' };
  await expect(gallery.staff.setRecogniser(big)).rejects.toMatchObject({ code: 'pin-again' });
  await gallery.lock.confirm('493817');
  await gallery.staff.setRecogniser(big);
  await reopen();
  expect(gallery.recogniser.choice()).toEqual(big);
  await gallery.lock.unlock('493817');
  const { entries } = await gallery.staff.log(10);
  expect(entries.findLast(({ action }) => action === 'model-chosen')).toMatchObject({
    actor: 'staff',
    detail: expect.stringMatching(/^small -> big: staff/),
  });
  // Whoever was enrolled is still there, with the old picture.
  expect((await gallery.load()).people.map((one) => one.id)).toEqual([id]);
});

it('the record of the recogniser ends with the gallery', async () => {
  await gallery.recogniser.keep(choice);
  await gallery.lock.setPin('493817');
  await gallery.lock.confirm('493817');
  await gallery.staff.wipe();
  gallery = await open();
  expect(gallery.recogniser.choice()).toBeNull();
});

it('the record of the recogniser counts as none where it is damaged, and the gallery opens', async () => {
  await gallery.recogniser.keep(choice);
  const { id } = await gallery.enrol(newPerson('kept', 1));
  const raw = await new Dexie(name).open();
  await raw.table('meta').put({ id: 'recogniser', sealed: new Uint8Array(40) });
  raw.close();
  await reopen();
  expect(gallery.recogniser.choice()).toBeNull();
  expect((await gallery.load()).people.map((person) => person.id)).toEqual([id]);
});

it('the record of the recogniser counts templates by the model that made them', async () => {
  expect([...gallery.recogniser.templatesBy()]).toEqual([]);
  await gallery.enrol(newPerson('one', 1));
  await gallery.enrol({ ...newPerson('two', 2), templates: [template(2, OTHER_MODEL)] });
  expect([...gallery.recogniser.templatesBy()]).toEqual([
    [MODEL, 3],
    [OTHER_MODEL, 1],
  ]);
});

it('the record of the recogniser keeps the newest race of the backends over a restart', async () => {
  const race: BackendRace = {
    modelHash: MODEL,
    gpu: 'intel gen-12lp',
    program: '1 browser/156',
    winner: { backend: 'wasm', threads: 2 },
    times: [
      { backend: 'wasm', threads: 2, milliseconds: 24 },
      { backend: 'webgpu', threads: 1, milliseconds: null, why: 'off by 0.3' },
    ],
  };
  expect(gallery.recogniser.race()).toBeNull();
  await gallery.recogniser.keepRace(race);
  const faster: BackendRace = {
    ...race,
    winner: { backend: 'webgpu', threads: 1 },
    times: [race.times[0]!, { backend: 'webgpu', threads: 1, milliseconds: 9, dispatches: 120 }],
  };
  await gallery.recogniser.keepRace(faster);
  await reopen();
  expect(gallery.recogniser.race()).toEqual(faster);
});

it('the record of the recogniser and the settings are told before the people are read', async () => {
  await gallery.recogniser.keep(choice);
  await gallery.enrol(newPerson('김민지', 1));
  gallery.close();
  const told: string[] = [];
  const opening = openGallery({
    name,
    rounds: 1_000,
    onEarlyNews: ({ recogniser, settings }) =>
      told.push(recogniser.choice?.name ?? 'none', `asking ${settings.settings.asking.kind}`),
  }).then((opened) => {
    told.push('open');
    return opened;
  });
  gallery = await opening;
  expect(told).toEqual(['small', 'asking touch', 'open']);
});
