import { z } from 'zod';
import { GALLERY, type PassphraseCost } from '../base/config.ts';
import { BackupError } from '../base/errors.ts';
import type { Progress } from '../contract/backup.ts';
import {
  type Bytes,
  concat,
  fromBase64,
  fromJsonBytes,
  jsonBytes,
  randomBytes,
  sha256,
  toBase64,
  toHex,
  utf8,
} from '../crypto/bytes.ts';
import { stretch, stretchByMemory } from '../crypto/passwords.ts';
import { importSecret } from '../crypto/seal.ts';

z.config({ jitless: true });

/**
 * The file: magic, version, length of the head, the head (salt, cost of the key, lengths), then chunks of AES-256-GCM under a key
 * from the passphrase. Each chunk is bound to the whole head, to its place and to being the last or not: nothing can be changed,
 * cut off, moved or put together from two files.
 */
const MAGIC = utf8('ROUNZBAK');
/** 1: the key by PBKDF2; 2: by Argon2id, and content that kiosks of then cannot read */
const VERSION = 2;
const FIXED_BYTES = MAGIC.length + 4;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const SALT_BYTES = 16;

const lengths = {
  salt: z.base64().length(24),
  /** bytes of a chunk in plain */
  chunk: z
    .int()
    .min(1024)
    .max(1 << 26),
  /** bytes of the content in plain */
  bytes: z.int().positive(),
};
const { memory, passes } = GALLERY.maxBackupCost;
const headSchemas = {
  1: z.strictObject({ rounds: z.int().positive().max(GALLERY.maxRounds), ...lengths }),
  2: z.strictObject({
    argon2id: z.strictObject({
      memory: z.int().min(8).max(memory),
      passes: z.int().positive().max(passes),
    }),
    ...lengths,
  }),
} as const;
type Head = z.infer<(typeof headSchemas)[keyof typeof headSchemas]>;

/** What a key costs at least. */
export interface KeyCost {
  readonly cost: PassphraseCost;
  /** of PBKDF2, in files of version 1 */
  readonly rounds: number;
}

/** @throws BackupError where the file asks for less than we ever wrote: it was not made by us */
async function keyOf(passphrase: string, head: Head, least: KeyCost): Promise<CryptoKey> {
  const weak =
    'rounds' in head
      ? head.rounds < least.rounds
      : head.argon2id.memory < least.cost.memory || head.argon2id.passes < least.cost.passes;
  if (weak)
    throw new BackupError(
      'invalid-content',
      'The file’s passphrase is protected too weakly, so the file was refused.',
    );
  const salt = fromBase64(head.salt);
  const secret =
    'rounds' in head
      ? await stretch(passphrase, salt, head.rounds)
      : await stretchByMemory(passphrase, salt, head.argon2id);
  return importSecret(secret);
}

const nonceOf = (index: number): Bytes => {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setUint32(NONCE_BYTES - 4, index);
  return nonce;
};

async function parameters(prefix: Bytes, index: number, last: boolean) {
  const bound = [toHex(await sha256(prefix)), index, last];
  return { name: 'AES-GCM', iv: nonceOf(index), additionalData: jsonBytes(bound) };
}

/** Salt and so key are new for each file: a counter never repeats as a nonce. */
export async function closeFile(
  content: Bytes,
  passphrase: string,
  cost: PassphraseCost,
  onProgress: Progress = () => {},
): Promise<Blob> {
  const chunk = GALLERY.backupChunk;
  const salt = randomBytes(SALT_BYTES);
  const head = jsonBytes({
    salt: toBase64(salt),
    argon2id: cost,
    chunk,
    bytes: content.length,
  } satisfies Head);
  const fixed = new Uint8Array(FIXED_BYTES);
  fixed.set(MAGIC);
  const view = new DataView(fixed.buffer);
  view.setUint16(MAGIC.length, VERSION);
  view.setUint16(MAGIC.length + 2, head.length);
  const prefix = concat(fixed, head);
  const key = await importSecret(await stretchByMemory(passphrase, salt, cost));
  const count = Math.ceil(content.length / chunk);
  const parts: Bytes[] = [prefix];
  for (let index = 0; index < count; index++) {
    const plain = content.slice(index * chunk, (index + 1) * chunk);
    const sealed = await crypto.subtle.encrypt(
      await parameters(prefix, index, index === count - 1),
      key,
      plain,
    );
    parts.push(new Uint8Array(sealed));
    onProgress((index + 1) / count);
  }
  return new Blob(parts, { type: 'application/octet-stream' });
}

/**
 * Opens a file and gives its content.
 *
 * @param least what the key has to cost
 * @throws BackupError that says what is wrong with it
 */
export async function openFile(
  file: Blob,
  passphrase: string,
  least: KeyCost,
  onProgress: Progress = () => {},
): Promise<Bytes> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { head, prefix } = readHead(bytes);
  const count = Math.ceil(head.bytes / head.chunk);
  const expected = prefix.length + head.bytes + count * TAG_BYTES;
  if (bytes.length < expected)
    throw new BackupError(
      'truncated',
      `The file ends too early: ${bytes.length} of ${expected} bytes are there. Copy it again.`,
    );
  if (bytes.length > expected)
    throw new BackupError(
      'damaged',
      `The file has ${bytes.length - expected} bytes too many, so it was changed. Copy it again.`,
    );
  const key = await keyOf(passphrase, head, least);
  const content = new Uint8Array(head.bytes);
  for (let index = 0; index < count; index++) {
    const at = prefix.length + index * (head.chunk + TAG_BYTES);
    const last = index === count - 1;
    const sealed = bytes.slice(at, last ? bytes.length : at + head.chunk + TAG_BYTES);
    const plain = await crypto.subtle
      .decrypt(await parameters(prefix, index, last), key, sealed)
      .catch((error: unknown) => {
        throw index === 0
          ? new BackupError(
              'wrong-passphrase',
              'The passphrase is another one, or the beginning of the file was changed. Nothing was read.',
              error,
            )
          : new BackupError(
              'damaged',
              'Bytes of the file have changed since it was made, so it was refused. Copy it again.',
              error,
            );
      });
    content.set(new Uint8Array(plain), index * head.chunk);
    onProgress((index + 1) / count);
  }
  return content;
}

function readHead(bytes: Bytes): { readonly head: Head; readonly prefix: Bytes } {
  const foreign = () =>
    new BackupError('not-a-backup', 'The file is no backup of a kiosk. Choose another file.');
  if (bytes.length === 0) throw new BackupError('truncated', 'The file is empty. Copy it again.');
  const compared = Math.min(bytes.length, MAGIC.length);
  if (MAGIC.subarray(0, compared).some((byte, i) => byte !== bytes[i])) throw foreign();
  if (bytes.length < FIXED_BYTES)
    throw new BackupError('truncated', 'The file ends within its first bytes. Copy it again.');
  const view = new DataView(bytes.buffer);
  const version = view.getUint16(MAGIC.length);
  if (version > VERSION)
    throw new BackupError(
      'newer-format',
      `The file was made by a newer kiosk (format ${version}). Update this kiosk first.`,
    );
  if (version < 1) throw foreign();
  const end = FIXED_BYTES + view.getUint16(MAGIC.length + 2);
  if (bytes.length < end) throw new BackupError('truncated', 'The file ends within its head. Copy it again.');
  try {
    const prefix = bytes.slice(0, end);
    const schema = headSchemas[version as keyof typeof headSchemas];
    return { head: schema.parse(fromJsonBytes(prefix.subarray(FIXED_BYTES))), prefix };
  } catch (error) {
    throw new BackupError(
      'damaged',
      'The head of the file cannot be read, so it was refused. Copy it again.',
      error,
    );
  }
}
