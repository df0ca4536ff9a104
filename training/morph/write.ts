import { createWriteStream, renameSync, writeFileSync } from 'node:fs';
import {
  type AlignedRecord,
  type AlignedSetIndex,
  alignedFiles,
  type CachedFace,
} from '../cache/aligned-set.ts';
import type { TeacherFolder } from '../teacher/embeddings.ts';
import { end, write } from '../util/file-stream.ts';

/** A set of made faces while it is written. */
export interface MorphSet {
  /** @param embeddings the teacher's, one for each face */
  add(faces: readonly CachedFace[], embeddings: readonly Float32Array[]): Promise<void>;
  /** Renames everything into place, the index last: the set is there whole or not at all. */
  finish(): Promise<void>;
}

/** A morph: its landmarks are those it was made from. */
const recordOf = (path: string): AlignedRecord => ({
  path,
  identity: null,
  boxScore: null,
  meshScore: 1,
  yaw: 0,
  pitch: 0,
  roll: 0,
  luma: 0,
  sharpness: 0,
  interEyeDistance: 0,
  by: 'crop',
});

/** @param teacher where the embeddings go */
export function openMorphSet(cache: string, name: string, teacher: TeacherFolder): MorphSet {
  const files = alignedFiles(cache, name);
  const targets = [files.crops, files.mesh];
  const [crops, meshes] = targets.map((file) => createWriteStream(`${file}.new`));
  const records: AlignedRecord[] = [];
  return {
    async add(faces, values) {
      for (const [i, { crop, mesh }] of faces.entries()) {
        const path = `${name}/${records.length}`;
        records.push(recordOf(path));
        await write(crops!, crop);
        await write(meshes!, new Uint8Array(mesh.buffer.slice(0)));
        await teacher.add(path, values[i]!);
      }
    },
    async finish() {
      await Promise.all([crops!, meshes!].map(end));
      for (const file of targets) renameSync(`${file}.new`, file);
      await teacher.finish();
      const index: AlignedSetIndex = {
        format: 1,
        set: name,
        records,
        missed: [],
        skipped: [],
        remarks: [],
        others: {},
        litter: 0,
      };
      writeFileSync(`${files.index}.new`, JSON.stringify(index));
      renameSync(`${files.index}.new`, files.index);
    },
  };
}
