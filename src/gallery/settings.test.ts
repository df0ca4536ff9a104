import 'fake-indexeddb/auto';
import { DEFAULT_SETTINGS, type Settings } from '@rounz/core/settings/settings.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GalleryEngine } from './contract/gallery.ts';
import { openGallery } from './gallery.ts';
import { openStoreOf } from './test-store.ts';

const PASSPHRASE = 'correct horse battery';
const PIN = '482915';
const ROUNDS = 100;

const SHOP: Settings = {
  ...DEFAULT_SETTINGS,
  camera: { label: 'Webcam', nth: 0, rotation: 90, mirrored: true },
  asking: { kind: 'signs', confirmedAt: '2026-11-28T01:00:00.000Z' },
  shop: { name: '우리 안경', place: '서울' },
  privacy: { operator: '우리 안경', officer: '김민지', contact: '02-000-0000' },
  setUpAt: '2026-11-28T01:00:00.000Z',
};

let count = 0;
let name: string;
let gallery: GalleryEngine;
const opened: GalleryEngine[] = [];
async function open(of: string): Promise<GalleryEngine> {
  const engine = await openGallery({ name: of, rounds: ROUNDS, backupCost: { memory: 8, passes: 1 } });
  opened.push(engine);
  return engine;
}
async function reopen(): Promise<void> {
  gallery.close();
  gallery = await open(name);
}
/** Writes something else where the settings lie. */
async function overwrite(value: unknown): Promise<void> {
  gallery.close();
  const store = await openStoreOf(name);
  await store.storage.meta.put('settings', value);
  store.storage.database.close();
  gallery = await open(name);
}

beforeEach(async () => {
  name = `settings-${++count}`;
  gallery = await open(name);
});
afterEach(() => {
  for (const engine of opened.splice(0)) engine.close();
});

describe('the stored settings', () => {
  it('are the defaults at first, which ask', () => {
    expect(gallery.settings.current()).toEqual(DEFAULT_SETTINGS);
    expect(gallery.settings.problems()).toEqual([]);
  });

  it('outlive a restart, tell whoever listens, and leave a line that names groups and nothing of the shop', async () => {
    const heard: Settings[] = [];
    gallery.settings.subscribe((settings) => heard.push(settings));
    await gallery.lock.setPin(PIN);
    await gallery.staff.setSettings(SHOP);
    expect(heard).toEqual([SHOP]);
    const { entries } = await gallery.staff.log(10);
    const line = entries.find(({ action }) => action === 'settings-changed');
    expect(line?.detail).toBe('camera, asking: touch -> signs, shop, privacy, setUpAt');
    await reopen();
    expect(gallery.settings.current()).toEqual(SHOP);
  });

  it('are changed by staff alone, and not at all where one value does not fit', async () => {
    await gallery.lock.setPin(PIN);
    await expect(gallery.staff.setSettings({ ...SHOP, retentionDays: 9_999 })).rejects.toThrow();
    expect(gallery.settings.current()).toEqual(DEFAULT_SETTINGS);
    gallery.lock.lock();
    await expect(gallery.staff.setSettings(SHOP)).rejects.toMatchObject({ code: 'locked' });
    expect(gallery.settings.current()).toEqual(DEFAULT_SETTINGS);
  });

  it('keep the strictness beside the rest, whichever was set last', async () => {
    await gallery.staff.setSettings(SHOP);
    await gallery.staff.setStrictness('strict');
    await reopen();
    expect(gallery.settings.current()).toEqual({ ...SHOP, strictness: 'strict' });
    expect(gallery.staff.strictness()).toBe('strict');
  });

  it('take the strictness that an older kiosk kept', async () => {
    await overwrite({ strictness: 'lenient' });
    expect(gallery.settings.current()).toEqual({ ...DEFAULT_SETTINGS, strictness: 'lenient' });
    expect(gallery.settings.problems()).toEqual([]);
  });

  it('are careful where they were changed behind the kiosk, and say so until staff set them anew', async () => {
    await gallery.staff.setSettings(SHOP);
    await overwrite({ ...SHOP, format: 1, asking: 'never', strictness: 'anything' });
    expect(gallery.settings.current()).toEqual({ ...SHOP, asking: { kind: 'touch' }, strictness: 'strict' });
    expect(gallery.settings.problems()).toEqual(['asking', 'strictness']);
    await gallery.staff.setSettings(SHOP);
    expect(gallery.settings.problems()).toEqual([]);
  });
});

describe('a backup', () => {
  it('sets a new kiosk up, where signs count once staff confirm them there', async () => {
    await gallery.staff.setSettings(SHOP);
    const file = await gallery.staff.backup(PASSPHRASE);
    const there = await open(`${name}-there`);
    await there.staff.restore(file, PASSPHRASE, 'merge');
    expect(there.settings.current()).toEqual({ ...SHOP, asking: { kind: 'touch' } });
  });

  it('leaves the settings of a kiosk that is set up to a replacement', async () => {
    await gallery.staff.setSettings(SHOP);
    const file = await gallery.staff.backup(PASSPHRASE);
    const there = await open(`${name}-there`);
    const own: Settings = { ...SHOP, shop: { name: '다른 안경', place: '부산' } };
    await there.staff.setSettings(own);
    await there.staff.restore(file, PASSPHRASE, 'merge');
    expect(there.settings.current()).toEqual(own);
    await there.staff.restore(file, PASSPHRASE, 'replace');
    expect(there.settings.current().shop).toEqual(SHOP.shop);
  });
});
