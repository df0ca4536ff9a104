import { z } from 'zod';
import { closeBox, openBox } from '../crypto/box.ts';
import { type Bytes, fromBase64, fromJsonBytes, jsonBytes, toBase64 } from '../crypto/bytes.ts';
import { type Binding, seal, unseal } from '../crypto/seal.ts';
import type { Entry, PersonWrite, StaffWords, TemplateSet } from './change.ts';
import {
  RECORD_FORMAT,
  type StoredIdentity,
  type StoredStaffPart,
  type StoredTemplates,
} from './database.ts';
import type { KeyRing } from './key-ring.ts';
import {
  decodeIdentity,
  decodeStaffPart,
  decodeTemplates,
  encodeIdentity,
  encodeTemplates,
  type StaffPart,
} from './records.ts';

z.config({ jitless: true });

/** Every plain field is authenticated with the sealed bytes. */
const identityBinding = (r: Omit<StoredIdentity, 'sealed'>): Binding => [
  'identity',
  r.id,
  r.format,
  r.keyId,
  r.demo,
  r.expiresAt,
];
const templatesBinding = (r: Omit<StoredTemplates, 'sealed'>): Binding => [
  'templates',
  r.id,
  r.format,
  r.keyId,
  r.revision,
  r.epoch,
];
const staffBinding = (r: Omit<StoredStaffPart, 'sealed'>): Binding => ['staff', r.id, r.format, r.keyId];

const sealedFields = {
  id: z.string().min(1),
  format: z.literal(RECORD_FORMAT),
  keyId: z.uuid(),
  sealed: z.custom<Bytes>((value) => value instanceof Uint8Array),
};
const identityRecord = z.strictObject({
  ...sealedFields,
  demo: z.literal([0, 1]),
  expiresAt: z.iso.datetime(),
});
const templatesRecord = z.strictObject({
  ...sealedFields,
  revision: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
});
const staffRecord = z.strictObject(sealedFields);

const NO_STAFF_PART: StaffPart = { note: null, telephone: null };

/** Opens and seals a person's three records, each with a key of its own from the key ring. */
export class SealedRecords {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** @throws Error that says what is damaged */
  async openIdentity(stored: unknown): Promise<Entry> {
    const record = identityRecord.parse(stored);
    const identity = decodeIdentity(await this.#open(record.keyId, identityBinding(record), record.sealed));
    if (identity.consent.expiresAt !== record.expiresAt) throw new Error('Its dates contradict each other.');
    return { id: record.id, demo: record.demo === 1, keyId: record.keyId, identity };
  }

  async sealIdentity({ id, demo, identity }: PersonWrite, keyId: string): Promise<StoredIdentity> {
    const { expiresAt } = identity.consent;
    const head = { id, format: RECORD_FORMAT, keyId, demo: demo ? 1 : 0, expiresAt } as const;
    return { ...head, sealed: await this.#seal(keyId, identityBinding(head), encodeIdentity(identity)) };
  }

  /** @throws Error that says what is damaged */
  async openTemplates(stored: unknown): Promise<TemplateSet> {
    const record = templatesRecord.parse(stored);
    const plain = await this.#open(record.keyId, templatesBinding(record), record.sealed);
    return { epoch: record.epoch, revision: record.revision, templates: decodeTemplates(plain) };
  }

  async sealTemplates(id: string, set: TemplateSet, keyId: string): Promise<StoredTemplates> {
    const { revision, epoch } = set;
    const head = { id, format: RECORD_FORMAT, keyId, revision, epoch } as const;
    const plain = encodeTemplates(set.templates);
    return { ...head, sealed: await this.#seal(keyId, templatesBinding(head), plain) };
  }

  /**
   * @param staff the private key, which opens the boxes within the seal
   * @throws Error where the part is damaged or the key is not the staff's
   */
  async openStaffWords(id: string, staff: CryptoKey, stored: unknown): Promise<StaffWords> {
    const part = await this.#openStaffPart(stored);
    const open = async (name: string, box: string | null): Promise<string | null> =>
      box === null ? null : (fromJsonBytes(await openBox(staff, [name, id], fromBase64(box))) as string);
    return {
      note: (await open('note', part.note)) ?? '',
      telephone: await open('telephone', part.telephone),
    };
  }

  /**
   * Closes a note or a number for staff. The other one stays in its box, which cannot be opened without staff's private key.
   *
   * @param staff the public key
   * @param stored the previous staff part; a damaged one counts as empty
   */
  async sealStaffWords(
    { id, note, telephone }: PersonWrite,
    staff: CryptoKey,
    stored: unknown,
    keyId: string,
  ): Promise<StoredStaffPart> {
    const before = await this.#openStaffPart(stored).catch(() => NO_STAFF_PART);
    const box = async (name: string, value: string | null | undefined, old: string | null) => {
      if (value === undefined) return old;
      if (value === null || value === '') return null;
      return toBase64(await closeBox(staff, [name, id], jsonBytes(value)));
    };
    const part: StaffPart = {
      note: await box('note', note, before.note),
      telephone: await box('telephone', telephone, before.telephone),
    };
    const head = { id, format: RECORD_FORMAT, keyId } as const;
    return { ...head, sealed: await this.#seal(keyId, staffBinding(head), jsonBytes(part)) };
  }

  async #openStaffPart(stored: unknown): Promise<StaffPart> {
    if (!stored) return NO_STAFF_PART;
    const record = staffRecord.parse(stored);
    return decodeStaffPart(await this.#open(record.keyId, staffBinding(record), record.sealed));
  }

  async #open(keyId: string, binding: Binding, sealed: Bytes): Promise<Bytes> {
    return unseal(await this.#keys.key(keyId), binding, sealed);
  }

  async #seal(keyId: string, binding: Binding, plain: Bytes): Promise<Bytes> {
    return seal(await this.#keys.key(keyId), binding, plain);
  }
}
