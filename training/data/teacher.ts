import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromFloat16Bits } from '@rounz/core/model/float16.ts';

/** Values of face-api's descriptor. */
export const TEACHER_SIZE = 128;

/** Where a folder of the teacher's embeddings keeps them, and the pictures' paths. */
export const teacherFiles = (folder: string) => ({
  embeddings: join(folder, 'embeddings.f16'),
  images: join(folder, 'images.txt'),
});

/**
 * The teacher's descriptors by picture (`set/path`), from `embeddings.f16` (little-endian float16, row i belongs to line
 * i of `images.txt`). A picture in which the teacher found no face (a row of NaN) isn't in the map.
 * Throws where the two files disagree on the number of pictures.
 */
export function loadTeacher(folder: string): Map<string, Float32Array> {
  const files = teacherFiles(folder);
  const paths = readFileSync(files.images, 'utf8').trimEnd().split(/\r?\n/);
  const bytes = readFileSync(files.embeddings);
  const rows = bytes.byteLength / (2 * TEACHER_SIZE);
  if (rows !== paths.length)
    throw new Error(
      `The teacher's embeddings.f16 in ${folder} holds ${rows} rows for ${paths.length} lines of images.txt: ` +
        'the two belong to different runs; fetch both again.',
    );
  const found = new Map<string, Float32Array>();
  paths.forEach((path, row) => {
    const values = decodeRow(bytes, row);
    if (values) found.set(path, values);
  });
  return found;
}

function decodeRow(bytes: Buffer, row: number): Float32Array | undefined {
  const values = new Float32Array(TEACHER_SIZE);
  for (let i = 0; i < TEACHER_SIZE; i++) {
    const value = fromFloat16Bits(bytes.readUInt16LE((row * TEACHER_SIZE + i) * 2));
    if (Number.isNaN(value)) return undefined;
    values[i] = value;
  }
  return values;
}
