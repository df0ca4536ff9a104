import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { TwoClocks } from '../test-clocks.ts';
import { openStorage, type Storage } from './storage.ts';

const DAY = 86_400_000;
let storage: Storage;
afterEach(() => {
  vi.restoreAllMocks();
  storage.database.close();
});

it('the time record: what is kept now and then takes back nothing that a change wrote meanwhile', async () => {
  const clock = new TwoClocks();
  storage = await openStorage('time-record', clock);
  await storage.record.keep(0);
  const { encrypt } = crypto.subtle;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const sealing = vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...given) => {
    await released;
    return encrypt.apply(crypto.subtle, given);
  });
  const kept = storage.record.keep(0);
  await expect.poll(() => sealing).toHaveBeenCalledOnce();
  // The clock is set to another month: who is written now is to be dated again.
  clock.setWall(clock.wall + 60 * DAY);
  for (const { id, value } of storage.record.rowsFor(['anna']))
    await storage.database.meta.put(await storage.meta.row(id, value));
  const { undated } = storage.record;
  expect(undated?.ids).toEqual(['anna']);
  release();
  await kept;
  storage.database.close();
  storage = await openStorage('time-record', clock);
  expect(storage.record.undated).toEqual(undated);
});
