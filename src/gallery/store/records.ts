import { dequantise, type QuantisedTemplate, quantise, type Transform } from '@rounz/core/match/protect.ts';
import { isUnit } from '@rounz/core/match/score.ts';
import { lengthOf, normalise } from '@rounz/core/math/vector.ts';
import { z } from 'zod';
import type { Template } from '../contract/person.ts';
import { type Bytes, concat, fromJsonBytes, jsonBytes } from '../crypto/bytes.ts';

z.config({ jitless: true });

const date = z.iso.datetime();
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.base64();

const consentSchema = z.strictObject({
  version: z.string().min(1),
  givenAt: date,
  language: z.string().min(2).optional(),
  expiresAt: date,
  by: z.literal('guardian').optional(),
});
const markSchema = z.strictObject({ modelHash: hex64, createdAt: date });

/** How the person is found without a face. Neither number nor PIN can be read from it. */
const accessSchema = z.strictObject({
  /** HMAC of the number's digits with this device's pepper, hex */
  tag: hex64,
  salt: base64,
  hash: base64,
  rounds: z.int().positive(),
  /** which installation's key the hash was made with; absent: none, by an earlier version */
  pepper: z.string().optional(),
});

/** What the shopper's side needs: sealed with the person's key, which the device can open without staff. */
export const identitySchema = z.strictObject({
  name: z.string().min(1),
  enrolledAt: date,
  /** last change of anything that a merge has to weigh */
  changedAt: date,
  consent: consentSchema,
  templates: z.array(markSchema),
  visits: z.int().nonnegative(),
  lastVisit: date.nullable(),
  previousVisit: date.nullable(),
  savedFrames: z.array(z.string().min(1)),
  access: accessSchema.nullable(),
  /** ids that the record had before re-keys: backups of then know the person by them */
  formerIds: z.array(z.uuid()).readonly().optional(),
  /** ids of people who look like this one and are others */
  lookAlikes: z.array(z.uuid()).readonly().optional(),
});
export type Identity = z.infer<typeof identitySchema>;
export type Access = z.infer<typeof accessSchema>;

export const encodeIdentity = (identity: Identity): Bytes => jsonBytes(identity);
/** @throws Error where the bytes are no identity */
export const decodeIdentity = (bytes: Uint8Array): Identity => identitySchema.parse(fromJsonBytes(bytes));

/** Boxes that staff alone can open, base64. */
const staffPartSchema = z.strictObject({ note: base64.nullable(), telephone: base64.nullable() });
export type StaffPart = z.infer<typeof staffPartSchema>;
export const decodeStaffPart = (bytes: Uint8Array): StaffPart => staffPartSchema.parse(fromJsonBytes(bytes));

/**
 * A template as it is kept: the sum of a person's pictures by one model (docs/decisions/023-stored-templates.md), turned by the
 * installation's transform, brought to unit length, then quantised. Earlier versions kept one of each picture.
 */
export interface KeptTemplate extends QuantisedTemplate {
  readonly modelHash: string;
  readonly createdAt: string;
  /** length of the sum of the pictures' unit vectors; 1 for one picture */
  readonly weight: number;
}

const headSchema = z.array(
  z.strictObject({
    modelHash: hex64,
    createdAt: date,
    size: z.int().positive().max(4096),
    scale: z.number().positive(),
    weight: z.number().positive().default(1),
  }),
);

/** Layout: length of the head (uint32, little-endian), the head as JSON, then each template's high and low plane. */
export function encodeTemplates(templates: readonly KeptTemplate[]): Bytes {
  const head = jsonBytes(
    templates.map(({ modelHash, createdAt, scale, weight, high }) => ({
      modelHash,
      createdAt,
      size: high.length,
      scale,
      weight,
    })),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length, true);
  const planes = templates.flatMap(({ high, low }) => [high, low].map(asBytes));
  return concat(length, head, ...planes);
}

/** @throws Error where the bytes are no templates */
export function decodeTemplates(bytes: Uint8Array): readonly KeptTemplate[] {
  const headLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const head = headSchema.parse(fromJsonBytes(bytes.subarray(4, 4 + headLength)));
  let at = 4 + headLength;
  const plane = (size: number): Int8Array => {
    const part = new Int8Array(bytes.buffer, bytes.byteOffset + at, size).slice();
    at += size;
    return part;
  };
  const templates = head.map(({ size, ...mark }) => ({ ...mark, high: plane(size), low: plane(size) }));
  if (at !== bytes.length) throw new Error('Its length does not fit its head.');
  return templates;
}

const asBytes = (plane: Int8Array): Uint8Array =>
  new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength);

/** @throws RangeError where the embedding is not of unit length */
export function protect({ embedding, modelHash, createdAt }: Template, transform: Transform): KeptTemplate {
  if (!isUnit(embedding))
    throw new RangeError('A template is not of unit length: the picture must be taken again.');
  return { modelHash, createdAt, weight: 1, ...quantise(transform.apply(embedding)) };
}

/** The same template under another transform. */
export const reissue = (template: KeptTemplate, from: Transform, to: Transform): KeptTemplate => ({
  modelHash: template.modelHash,
  createdAt: template.createdAt,
  weight: template.weight,
  ...quantise(to.apply(from.invert(dequantise(template)))),
});

/**
 * One template for each model: the weighted sum of its templates, which is what their pictures gave had they been fused at once.
 * All have to lie under one transform, which keeps sums and lengths.
 *
 * @param maxWeight of what is already there, so that a further picture still counts
 * @throws RangeError where the pictures of a model cancel each other out
 */
export function fusedByModel(
  templates: readonly KeptTemplate[],
  maxWeight = Number.POSITIVE_INFINITY,
): readonly KeptTemplate[] {
  const byModel = new Map<string, KeptTemplate[]>();
  for (const one of templates) byModel.set(one.modelHash, [...(byModel.get(one.modelHash) ?? []), one]);
  return [...byModel.values()].map((some) => (some.length === 1 ? some[0]! : fusedOf(some, maxWeight)));
}

function fusedOf(templates: readonly KeptTemplate[], maxWeight: number): KeptTemplate {
  const newest = templates.at(-1)!;
  const sum = new Float32Array(newest.high.length);
  for (const template of templates) {
    const unit = normalise(dequantise(template));
    const weight = Math.min(template.weight, maxWeight);
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * unit[i]!;
  }
  const weight = lengthOf(sum);
  // Below it they show no one person, and the direction of the sum is chance.
  if (!(weight > MIN_WEIGHT))
    throw new RangeError('The pictures contradict each other: they show no one person.');
  return {
    modelHash: newest.modelHash,
    createdAt: newest.createdAt,
    weight,
    ...quantise(normalise(sum)),
  };
}

const MIN_WEIGHT = 1e-3;

/** Whether there are templates by the models that the pictures were taken with, and by no others. */
export function fitsMarks(templates: readonly KeptTemplate[], marks: Identity['templates']): boolean {
  const models = (some: readonly { readonly modelHash: string }[]) =>
    [...new Set(some.map(({ modelHash }) => modelHash))].sort().join();
  return models(templates) === models(marks);
}
