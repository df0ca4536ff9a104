import { type Binding, seal, unseal } from '../crypto/seal.ts';
import type { GalleryDatabase, StoredMeta } from './database.ts';
import type { FileStore } from './files.ts';
import { SHARD_PREFIX, shardBinding } from './key-ring.ts';
import { metaBinding } from './meta-table.ts';
import { twofoldName } from './twofold.ts';

export const newDeviceKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

/** Files that only save time are made anew. */
const isCache = (name: string): boolean => /^(people|snapshot)(-|$)/.test(name);

const bindingOf = (name: string): Binding =>
  name.startsWith(SHARD_PREFIX) ? shardBinding(name.slice(SHARD_PREFIX.length)) : [twofoldName(name)];

/**
 * Replaces the device key, where that was asked for, before anything else is read. Files are sealed anew one by one, then all
 * values of the database with the key itself in one transaction. Cut off anywhere, the next start goes on: what is sealed with the
 * new key already is left as it is. What opens with neither stays as it lies and is reported by whoever reads it.
 */
export async function rotateDeviceKey(database: GalleryDatabase, files: FileStore): Promise<void> {
  const [old, next] = await Promise.all([database.keys.get('device'), database.keys.get('device-next')]);
  if (!old || !next) return;
  for (const name of await files.list()) {
    if (isCache(name)) await files.remove(name);
    else await resealFile(files, name, old.key, next.key);
  }
  const rows: StoredMeta[] = [];
  for (const row of await database.meta.toArray()) {
    const plain = await unseal(old.key, metaBinding(row.id), row.sealed).catch(() => null);
    if (plain) rows.push({ id: row.id, sealed: await seal(next.key, metaBinding(row.id), plain) });
  }
  await database.transaction('rw', database.meta, database.keys, async () => {
    await database.meta.bulkPut(rows);
    await database.keys.put({ id: 'device', key: next.key });
    await database.keys.delete('device-next');
  });
}

async function resealFile(files: FileStore, name: string, old: CryptoKey, next: CryptoKey): Promise<void> {
  const sealed = await files.read(name);
  const plain = sealed && (await unseal(old, bindingOf(name), sealed).catch(() => null));
  if (plain) await files.write(name, await seal(next, bindingOf(name), plain));
}
