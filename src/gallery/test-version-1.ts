import { Dexie } from 'dexie';
import { concat, sha256, toHex, utf8 } from './crypto/bytes.ts';
import { AT, embedding, MODEL } from './test-people.ts';

/** A record as version 1 wrote it, byte by byte. */
async function record(id: string, name: string, seed: number) {
  const templates = [0, 1, 2].map(() => ({ modelHash: MODEL, createdAt: AT, size: 512 }));
  const head = utf8(
    JSON.stringify({ name, enrolledAt: AT, consent: { version: '1', givenAt: AT }, templates }),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  const values = Array.from({ length: 3 }, () => new Uint8Array(embedding(seed).buffer));
  const payload = concat(length, head, ...values);
  const checksum = toHex(await sha256(concat(utf8(JSON.stringify([id, 1, 0])), payload)));
  return { id, format: 1, demo: 0, payload, checksum };
}

/** Stores a database of schema version 1: one good person and one whose record is damaged. */
export async function storeVersion1(name: string): Promise<{ readonly good: string; readonly bad: string }> {
  const [good, bad] = [crypto.randomUUID(), crypto.randomUUID()];
  const raw = new Dexie(name);
  raw.version(1).stores({ people: 'id, demo' });
  await raw.open();
  const damaged = await record(bad, '누군가', 2);
  damaged.payload[300]! ^= 1;
  await raw.table('people').bulkAdd([await record(good, '김하늘', 1), damaged]);
  raw.close();
  return { good, bad };
}
