import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromFloat16Bits } from '@rounz/core/model/float16.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTeacher, openTeacherFolder, TEACHER_SIZE, teacherOf } from './embeddings.ts';

describe('fromFloat16Bits', () => {
  // IEEE 754-2019's own examples of binary16
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
  ])('decodes 0x%s', (bits, value) => {
    expect(fromFloat16Bits(bits)).toBe(value);
  });
});

describe('loadTeacher', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'teacher-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (rows: number[], lines: string[]) => {
    const bytes = Buffer.alloc(rows.length * TEACHER_SIZE * 2);
    rows.forEach((bits, row) => {
      for (let i = 0; i < TEACHER_SIZE; i++) bytes.writeUInt16LE(bits, (row * TEACHER_SIZE + i) * 2);
    });
    writeFileSync(join(folder, 'embeddings.f16'), bytes);
    writeFileSync(join(folder, 'images.txt'), `${lines.join('\n')}\n`);
  };

  it('maps pictures to descriptors and leaves out those without a face', () => {
    write([0x3c00, 0x7e00, 0xc000], ['lfw/a/1.jpg', 'lfw/b/1.jpg', 'celeba/3/2.jpg']);
    const teacher = loadTeacher(folder);
    expect([...teacher.keys()]).toEqual(['lfw/a/1.jpg', 'celeba/3/2.jpg']);
    expect(teacher.get('celeba/3/2.jpg')).toEqual(new Float32Array(TEACHER_SIZE).fill(-2));
  });

  it('refuses files that do not belong together', () => {
    write([0x3c00], ['lfw/a/1.jpg', 'lfw/b/1.jpg']);
    expect(() => loadTeacher(folder)).toThrow(/1 rows for 2 lines/);
  });

  it('reads what was written, with the teacher’s name', async () => {
    const written = openTeacherFolder(folder, 'mobilefacenet');
    await written.add('lfw/a/1.jpg', new Float32Array(TEACHER_SIZE).fill(0.5));
    await written.add('lfw/b/1.jpg', undefined);
    await written.finish();
    expect([...loadTeacher(folder)]).toEqual([['lfw/a/1.jpg', new Float32Array(TEACHER_SIZE).fill(0.5)]]);
    expect(teacherOf([folder, folder])).toBe('mobilefacenet');
    expect(() => teacherOf([folder, join(folder, 'older')])).toThrow(/several teachers.*older: face-api/);
  });
});
