import { z } from 'zod';
import { type Bytes, fromBase64, fromJsonBytes, jsonBytes, toBase64 } from '../crypto/bytes.ts';
import { decodeTemplates, encodeTemplates, identitySchema, type KeptTemplate } from '../store/records.ts';

z.config({ jitless: true });

const words = { identity: identitySchema, note: z.string(), telephone: z.string().nullable() };
const snapshotSchema = z.strictObject({
  ...words,
  id: z.uuid(),
  demo: z.boolean(),
  /** base64, as a record holds them; null: the act did not change them */
  templates: z.base64().nullable(),
});
const contentSchema = z.strictObject({
  /** of the templates: they lie under its transform */
  epoch: z.int().nonnegative(),
  before: snapshotSchema,
  /** the same person right after the act; null: they were removed */
  after: z.strictObject(words).nullable(),
  /** the record that a merge took away */
  other: snapshotSchema.nullable(),
});

type Stored = z.infer<typeof snapshotSchema>;

/** A person as they were before an act. */
export interface Snapshot extends Omit<Stored, 'templates'> {
  readonly templates: readonly KeptTemplate[] | null;
}

/** What undoing an act takes. */
export interface UndoContent {
  readonly epoch: number;
  readonly before: Snapshot;
  readonly after: z.infer<typeof contentSchema>['after'];
  readonly other: Snapshot | null;
}

const storedOf = ({ templates, ...rest }: Snapshot): Stored => ({
  ...rest,
  templates: templates && toBase64(encodeTemplates(templates)),
});
const snapshotOf = ({ templates, ...rest }: Stored): Snapshot => ({
  ...rest,
  templates: templates === null ? null : decodeTemplates(fromBase64(templates)),
});

export const encodeUndo = ({ before, other, ...rest }: UndoContent): Bytes =>
  jsonBytes({ ...rest, before: storedOf(before), other: other && storedOf(other) });

/** @throws Error where the bytes are none */
export function decodeUndo(bytes: Uint8Array): UndoContent {
  const { before, other, ...rest } = contentSchema.parse(fromJsonBytes(bytes));
  return { ...rest, before: snapshotOf(before), other: other && snapshotOf(other) };
}
