import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFloat16, fromFloat16Bits } from '@rounz/core/model/float16.ts';
import { z } from 'zod';
import { end, write } from '../util/file-stream.ts';

/** Values of a teacher's embedding, whichever the teacher. */
export const TEACHER_SIZE = 128;

/** The teacher of folders that do not name theirs: until there was a second one, none did. */
const UNNAMED = 'face-api';

/** Where a folder of a teacher's embeddings keeps them, the pictures' paths and the teacher's name. */
const teacherFiles = (folder: string) => ({
  embeddings: join(folder, 'embeddings.f16'),
  images: join(folder, 'images.txt'),
  about: join(folder, 'teacher.json'),
});

const aboutSchema = z.object({ teacher: z.string() });

/** A row for a picture in which the teacher finds no face. */
const NO_FACE = new Float32Array(TEACHER_SIZE).fill(Number.NaN);

/** A folder of embeddings while it is written. */
export interface TeacherFolder {
  /** @param values none where the teacher finds no face */
  add(path: string, values: Float32Array | undefined): Promise<void>;
  /** Renames the files into place: they appear together or not at all. */
  finish(): Promise<void>;
}

/** @param teacher its name, so that nobody mixes two */
export function openTeacherFolder(folder: string, teacher: string): TeacherFolder {
  mkdirSync(folder, { recursive: true });
  const files = teacherFiles(folder);
  const embeddings = createWriteStream(`${files.embeddings}.new`);
  const images = createWriteStream(`${files.images}.new`);
  return {
    async add(path, values = NO_FACE) {
      await write(embeddings, new Uint8Array(encodeFloat16(values).buffer));
      await write(images, Buffer.from(`${path}\n`));
    },
    async finish() {
      await Promise.all([embeddings, images].map(end));
      writeFileSync(`${files.about}.new`, JSON.stringify({ teacher }));
      for (const file of Object.values(files)) renameSync(`${file}.new`, file);
    },
  };
}

/**
 * The teacher that all of the folders are from.
 *
 * @throws Error where they are from several: a student cannot follow two teachers, whose directions have nothing in common
 */
export function teacherOf(folders: readonly string[]): string {
  const named = folders.map((folder) => {
    const { about } = teacherFiles(folder);
    if (!existsSync(about)) return UNNAMED;
    return aboutSchema.parse(JSON.parse(readFileSync(about, 'utf8'))).teacher;
  });
  if (new Set(named).size > 1) {
    const list = folders.map((folder, i) => `${folder}: ${named[i]}`).join('; ');
    throw new Error(
      `These embeddings are from several teachers (${list}), and a student can follow one alone. Let one teacher embed ` +
        `all sets (\`teach --teacher NAME\`). A folder without teacher.json counts as ${UNNAMED}’s.`,
    );
  }
  return named[0] ?? UNNAMED;
}

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
