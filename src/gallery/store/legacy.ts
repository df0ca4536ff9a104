import { errorMessage } from '@rounz/core/error-message.ts';
import { z } from 'zod';
import type { Template } from '../contract/person.ts';
import { concat, fromJsonBytes, sha256, toHex, utf8 } from '../crypto/bytes.ts';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

/** A person of schema version 1: in plain, with a checksum. Read once, to be moved into the sealed tables. */
export interface LegacyRecord {
  readonly id: string;
  readonly format: 1;
  readonly demo: 0 | 1;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** sha256 over all other fields, hex */
  readonly checksum: string;
}

export interface LegacyPerson {
  readonly id: string;
  readonly demo: boolean;
  readonly name: string;
  readonly enrolledAt: string;
  readonly consent: { readonly version: string; readonly givenAt: string };
  readonly templates: readonly Template[];
}

const BYTES_PER_VALUE = 4;
/** How far the length of a stored embedding may be from 1: float32 rounding */
const UNIT_TOLERANCE = 1e-3;

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const date = z.iso.datetime();

const legacyRecord = z.strictObject({
  id: z.string().min(1),
  format: z.literal(1),
  demo: z.literal([0, 1]),
  payload: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  checksum: hex64,
});

/** The payload's head; the embeddings follow it as float32, one behind the other. */
const payloadHead = z.strictObject({
  name: z.string().min(1),
  enrolledAt: date,
  consent: z.strictObject({ version: z.string().min(1), givenAt: date }),
  templates: z.array(
    z.strictObject({ modelHash: hex64, createdAt: date, size: z.int().positive().max(4096) }),
  ),
});

function decodePayload(payload: Uint8Array): Omit<LegacyPerson, 'id' | 'demo'> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const headLength = view.getUint32(0, true);
  const head = payloadHead.parse(fromJsonBytes(payload.subarray(4, 4 + headLength)));
  let offset = 4 + headLength;
  const templates = head.templates.map(({ modelHash, createdAt, size }) => {
    const embedding = Float32Array.from({ length: size }, (_, i) =>
      view.getFloat32(offset + i * BYTES_PER_VALUE, true),
    );
    offset += size * BYTES_PER_VALUE;
    if (!(Math.abs(Math.hypot(...embedding) - 1) <= UNIT_TOLERANCE))
      throw new Error('a template is not of unit length');
    return { modelHash, createdAt, embedding };
  });
  if (offset !== payload.length) throw new Error('its length does not fit its head');
  return { name: head.name, enrolledAt: head.enrolledAt, consent: head.consent, templates };
}

/**
 * Reads a person of version 1.
 *
 * @throws Error that says what is damaged; `stored` may be anything
 */
export async function readLegacy(stored: unknown): Promise<LegacyPerson> {
  const parsed = legacyRecord.safeParse(stored);
  if (!parsed.success)
    throw new Error(`The record does not have the form of a person (${z.prettifyError(parsed.error)}).`);
  const { checksum, id, format, demo, payload } = parsed.data;
  const digest = await sha256(concat(utf8(JSON.stringify([id, format, demo])), payload));
  if (toHex(digest) !== checksum)
    throw new Error(
      'The record does not match its checksum: some of its bytes have changed since it was written.',
    );
  try {
    return { id, demo: demo === 1, ...decodePayload(payload) };
  } catch (error) {
    throw new Error(`The record cannot be read (${errorMessage(error)}).`);
  }
}
