import { z } from 'zod';
import { BackupError } from '../base/errors.ts';
import { AT_A_TIME, breathe } from '../base/long-work.ts';
import { type Bytes, concat, fromJsonBytes, joined, jsonBytes } from '../crypto/bytes.ts';
import { headSchema } from '../store/access-log.ts';
import {
  decodeTemplates,
  encodeTemplates,
  fitsMarks,
  identitySchema,
  type KeptTemplate,
} from '../store/records.ts';
import { tombstonesSchema } from '../store/withdrawals.ts';

z.config({ jitless: true });

const manifestSchema = z.strictObject({
  /** 2: with `withdrawn` */
  format: z.literal([1, 2]),
  madeAt: z.iso.datetime(),
  people: z.int().nonnegative(),
  /** of the transform that protects the templates, base64: they stay protected inside the file too */
  seed: z.base64().length(44),
  /** who withdrew at the kiosk that made it, and at others whose backups it restored */
  withdrawn: tombstonesSchema.default([]),
  /** the kiosk that made it, and where its log ended; absent in backups of older kiosks */
  kiosk: z
    .strictObject({
      installation: z.string().min(1),
      log: headSchema,
      /** which a kiosk that lost its records knows again */
      secret: z.base64(),
    })
    .optional(),
  /** the shop's settings, in their stored form; absent in backups of older kiosks */
  settings: z.unknown().optional(),
});

/** The telephone's tag is the device's own, so the number travels and the tag is made anew. */
const personSchema = z.strictObject({
  id: z.uuid(),
  demo: z.boolean(),
  identity: identitySchema,
  note: z.string(),
  telephone: z.string().nullable(),
});

export type BackupManifest = z.infer<typeof manifestSchema>;
export interface BackupPerson extends z.infer<typeof personSchema> {
  readonly templates: readonly KeptTemplate[];
}
export interface BackupContent {
  readonly manifest: BackupManifest;
  readonly people: readonly BackupPerson[];
}

/** A length (uint32, little-endian) and as many bytes. */
const frame = (bytes: Bytes): Bytes => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return concat(length, bytes);
};

export function encodeContent({ manifest, people }: BackupContent): Bytes {
  const frames = people.flatMap(({ templates, ...person }) => [
    frame(jsonBytes(person)),
    frame(encodeTemplates(templates)),
  ]);
  return joined([frame(jsonBytes(manifest)), ...frames]);
}

/** @throws BackupError `invalid-content` where it was not made by us, though its passphrase fits */
export async function decodeContent(bytes: Bytes): Promise<BackupContent> {
  const view = new DataView(bytes.buffer);
  let at = 0;
  const next = (): Bytes => {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) throw new RangeError('A part is longer than the file.');
    const part = bytes.slice(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  try {
    const manifest = manifestSchema.parse(fromJsonBytes(next()));
    const people: BackupPerson[] = [];
    for (let i = 0; i < manifest.people; i++) {
      const person = personSchema.parse(fromJsonBytes(next()));
      const templates = decodeTemplates(next());
      if (!fitsMarks(templates, person.identity.templates))
        throw new RangeError('A person has other templates than they are said to have.');
      people.push({ ...person, templates });
      if (people.length % AT_A_TIME === 0) await breathe();
    }
    if (at !== bytes.length) throw new RangeError('Something follows the last person.');
    if (new Set(people.map(({ id }) => id)).size !== people.length)
      throw new RangeError('A person is there twice.');
    return { manifest, people };
  } catch (error) {
    throw new BackupError(
      'invalid-content',
      'The passphrase fits, but the content is not that of a gallery, so nothing was changed.',
      error,
    );
  }
}
