import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MESH_POINTS } from '@rounz/core/face/face.ts';
import { z } from 'zod';

/** Layout of a cached crop: ArcFace's 112x112 in the centre, a margin for augmentation around it. */
export const CACHED_CROP = { size: 112, margin: 16, side: 144 } as const;
export const CROP_BYTES = CACHED_CROP.side * CACHED_CROP.side * 3;
/** x and y of each mesh point */
export const MESH_VALUES = MESH_POINTS * 2;

/** One aligned face; row i of the crops and meshes belongs to record i. */
export const alignedRecordSchema = z.object({
  /** `set/path-in-set` */
  path: z.string().min(1),
  /** key of the person over all sets, e.g. `celeba:4`, `name:Barack_Obama`; null where the set has no identities */
  identity: z.string().nullable(),
  /** 0..1; null where the face was followed from the set's usual framing, without blazeface */
  boxScore: z.number().nullable(),
  /** 0..1 */
  meshScore: z.number(),
  /** radians, signs as in core's `Pose` */
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
  /** 0..255 */
  luma: z.number(),
  /** variance of the Laplacian */
  sharpness: z.number(),
  /** pixels of the source picture */
  interEyeDistance: z.number(),
  /** what the crop follows where it isn't the detector: the set's annotation, or the picture itself, a crop already */
  by: z.enum(['landmarks', 'crop']).optional(),
});
export type AlignedRecord = z.infer<typeof alignedRecordSchema>;

export const alignedSetSchema = z.object({
  format: z.literal(1),
  set: z.string().min(1),
  records: z.array(alignedRecordSchema),
  /** paths of the pictures in which no face was found */
  missed: z.array(z.string()),
  /** pictures, and what may be pictures, that are not in the set, each with the reason */
  skipped: z.array(z.object({ path: z.string(), why: z.string() })).default([]),
  /** what was understood in the set, for the reader to judge */
  remarks: z.array(z.string()).default([]),
  /** files that are no pictures, by ending */
  others: z.record(z.string(), z.number()).default({}),
  /** files and folders that systems leave behind */
  litter: z.number().default(0),
});

export type AlignedSetIndex = z.infer<typeof alignedSetSchema>;

/** A cached face. */
export interface CachedFace {
  /** RGB, 144 x 144 */
  readonly crop: Uint8Array;
  /** x, y of the crop, 468 x 2 */
  readonly mesh: Float32Array;
}

/** A cached set, open for reading. */
export interface AlignedSet {
  readonly name: string;
  readonly count: number;
  readonly paths: readonly string[];
  /** null where the set has no identities */
  readonly identities: readonly (string | null)[];
  readonly records: readonly AlignedRecord[];
  /** RGB, 144 x 144 x 3 */
  readCrop(index: number): Uint8Array;
  /** x, y in the 144x144 crop's pixels, 468 x 2 */
  readMesh(index: number): Float32Array;
  close(): void;
}

export const alignedFiles = (folder: string, set: string) => ({
  crops: join(folder, `${set}.crops.u8`),
  mesh: join(folder, `${set}.mesh.f32`),
  index: join(folder, `${set}.json`),
});

/** Opens sets that `align` has written. Throws where one is missing or damaged. */
export function openAlignedSets(folder: string, sets: readonly string[]): AlignedSet[] {
  return sets.map((set) => openAlignedSet(folder, set));
}

function openAlignedSet(folder: string, set: string): AlignedSet {
  const files = alignedFiles(folder, set);
  if (!existsSync(files.index))
    throw new Error(
      `The cache ${folder} holds no set ${set}. Write it with \`align\` (rendered people: \`synth -- crowd\` first; morphs: \`morph\`).`,
    );
  const { records } = alignedSetSchema.parse(JSON.parse(readFileSync(files.index, 'utf8')));
  const crops = openSync(files.crops, 'r');
  const mesh = openSync(files.mesh, 'r');
  const read = (file: number, index: number, bytes: number): Uint8Array => {
    if (!(index >= 0 && index < records.length))
      throw new RangeError(`The set ${set} has ${records.length} faces; there is no row ${index}.`);
    const buffer = new Uint8Array(bytes);
    if (readSync(file, buffer, 0, bytes, index * bytes) !== bytes)
      throw new Error(`The cached set ${set} in ${folder} ends before row ${index}; run align again.`);
    return buffer;
  };
  return {
    name: set,
    count: records.length,
    paths: records.map((record) => record.path),
    identities: records.map((record) => record.identity),
    records,
    readCrop: (index) => read(crops, index, CROP_BYTES),
    readMesh: (index) => new Float32Array(read(mesh, index, MESH_VALUES * 4).buffer),
    close() {
      closeSync(crops);
      closeSync(mesh);
    },
  };
}
