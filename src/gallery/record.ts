import { z } from 'zod';
import type { Person } from './types.ts';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

/**
 * A person as stored. `payload` is what a later version encrypts; everything that reads or writes its bytes is in this
 * file. `checksum` covers all other fields, so that a flipped byte is noticed.
 */
export interface StoredRecord {
  readonly id: string;
  /** version of the payload's layout */
  readonly format: 1;
  /** 1 for the demonstration's people; outside of the payload so that they can be removed unread */
  readonly demo: 0 | 1;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** sha256, hex */
  readonly checksum: string;
}

const FORMAT = 1;
const BYTES_PER_VALUE = 4;
/** How far the length of a stored embedding may be from 1: float32 rounding */
const UNIT_TOLERANCE = 1e-3;

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const date = z.iso.datetime();
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

const storedRecord = z.strictObject({
  id: z.string().min(1),
  format: z.literal(FORMAT),
  demo: z.literal([0, 1]),
  payload: bytes,
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

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Layout: length of the head (uint32, little-endian), the head as JSON, the embeddings. */
function encodePayload(person: Person): Uint8Array<ArrayBuffer> {
  const { name, enrolledAt, consent, templates } = person;
  const head = encoder.encode(
    JSON.stringify({
      name,
      enrolledAt,
      consent,
      templates: templates.map(({ modelHash, createdAt, embedding }) => ({
        modelHash,
        createdAt,
        size: embedding.length,
      })),
    }),
  );
  const values = templates.reduce((sum, { embedding }) => sum + embedding.length, 0);
  const payload = new Uint8Array(4 + head.length + values * BYTES_PER_VALUE);
  const view = new DataView(payload.buffer);
  view.setUint32(0, head.length, true);
  payload.set(head, 4);
  let offset = 4 + head.length;
  for (const { embedding } of templates)
    for (const value of embedding) {
      view.setFloat32(offset, value, true);
      offset += BYTES_PER_VALUE;
    }
  return payload;
}

function decodePayload(payload: Uint8Array): Omit<Person, 'id' | 'demo'> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const headLength = view.getUint32(0, true);
  const head = payloadHead.parse(JSON.parse(decoder.decode(payload.subarray(4, 4 + headLength))));
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

async function checksumOf({ id, format, demo, payload }: Omit<StoredRecord, 'checksum'>): Promise<string> {
  const head = encoder.encode(JSON.stringify([id, format, demo]));
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Makes the stored form of a person. What comes out reads back as the same person. */
export async function serialise(person: Person): Promise<StoredRecord> {
  const body = {
    id: person.id,
    format: FORMAT,
    demo: person.demo ? 1 : 0,
    payload: encodePayload(person),
  } as const;
  return { ...body, checksum: await checksumOf(body) };
}

/**
 * Reads a stored person.
 *
 * @throws Error that says what is damaged; `stored` may be anything
 */
export async function deserialise(stored: unknown): Promise<Person> {
  const parsed = storedRecord.safeParse(stored);
  if (!parsed.success)
    throw new Error(`The record does not have the form of a person (${z.prettifyError(parsed.error)}).`);
  const { checksum, ...body } = parsed.data;
  if ((await checksumOf(body)) !== checksum)
    throw new Error(
      'The record does not match its checksum: some of its bytes have changed since it was written.',
    );
  try {
    return { id: body.id, demo: body.demo === 1, ...decodePayload(body.payload) };
  } catch (error) {
    throw new Error(`The record cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
}
