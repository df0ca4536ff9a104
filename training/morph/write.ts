import { createWriteStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { encodeFloat16 } from '@rounz/core/model/float16.ts';
import { end, write } from '../data/align-set.ts';
import { type AlignedRecord, type AlignedSetIndex, alignedFiles } from '../data/aligned-set.ts';
import { teacherFiles } from '../data/teacher.ts';
import type { Morph } from './blend.ts';

/** A set of made faces while it is written. */
export interface MorphSet {
  /** @param embeddings the teacher's, one for each face */
  add(faces: readonly Morph[], embeddings: readonly Float32Array[]): Promise<void>;
  /** Renames everything into place, the index last: the set is there whole or not at all. */
  finish(): Promise<void>;
}

/** Nobody's face: what `align` would measure of it is what it was made from. */
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

export function openMorphSet(cache: string, name: string, teacherOut: string): MorphSet {
  mkdirSync(teacherOut, { recursive: true });
  const files = alignedFiles(cache, name);
  const teacher = teacherFiles(teacherOut);
  const targets = [files.crops, files.mesh, teacher.embeddings, teacher.images];
  const streams = targets.map((file) => createWriteStream(`${file}.new`));
  const [crops, meshes, embeddings, images] = streams as [(typeof streams)[0], ...typeof streams];
  const records: AlignedRecord[] = [];
  return {
    async add(faces, values) {
      for (const [i, { crop, mesh }] of faces.entries()) {
        const path = `${name}/${records.length}`;
        records.push(recordOf(path));
        await write(crops!, crop);
        await write(meshes!, new Uint8Array(mesh.buffer.slice(0)));
        await write(embeddings!, new Uint8Array(encodeFloat16(values[i]!).buffer.slice(0)));
        await write(images!, Buffer.from(`${path}\n`));
      }
    },
    async finish() {
      await Promise.all(streams.map(end));
      for (const file of targets) renameSync(`${file}.new`, file);
      const index: AlignedSetIndex = {
        format: 1,
        set: name,
        records,
        missed: [],
        unreadable: [],
        oddities: [],
      };
      writeFileSync(`${files.index}.new`, JSON.stringify(index));
      renameSync(`${files.index}.new`, files.index);
    },
  };
}
