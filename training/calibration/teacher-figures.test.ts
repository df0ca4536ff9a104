import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeToySet } from '../cache/toy-set.ts';
import { openTeacherFolder, TEACHER_SIZE } from '../teacher/embeddings.ts';
import { teacherFigures } from './teacher-figures.ts';

const PEOPLE = 120;
const PICTURES = 2;

describe('a teacher’s own figures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'figures-'));
  beforeAll(() => writeToySet(folder, PEOPLE, PICTURES));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Each picture looks along the axis of whom `whose` takes it for. */
  async function figuresOf(
    whose: (person: number, picture: number) => number | undefined,
  ): Promise<string[]> {
    const teacher = join(folder, 'teacher');
    const written = openTeacherFolder(teacher, 'mobilefacenet');
    for (let person = 0; person < PEOPLE; person++)
      for (let picture = 0; picture < PICTURES; picture++) {
        const axis = whose(person, picture);
        const values = new Float32Array(TEACHER_SIZE);
        if (axis !== undefined) values[axis] = 3;
        await written.add(`toy/${person}/${picture}.jpg`, axis === undefined ? undefined : values);
      }
    await written.finish();
    return teacherFigures(teacher, folder, ['toy']);
  }

  it('are perfect where it tells everybody apart', async () => {
    const [title, , plain, centred] = await figuresOf((person) => person);
    expect(title).toMatch(/\(mobilefacenet\): (\d+) probes of \1 people; 0 pictures without/);
    expect(plain).toContain('1.000 1.000 1.000; 0.000; 1.000');
    expect(centred).toContain('1.000 1.000 1.000; 0.000; 1.000');
  });

  it('are poor where it takes everybody for the next one', async () => {
    const [, , plain] = await figuresOf((person, picture) => person + picture);
    expect(plain).toContain('0.000 0.000 0.000;');
  });

  it('count pictures without an embedding', async () => {
    const [title] = await figuresOf((person, picture) => (picture === 0 ? person : undefined));
    expect(title).toMatch(/: (\d+) probes of \1 people; \1 pictures without/);
  });

  it('need two people', () => {
    writeToySet(folder, 1, 2);
    expect(() => teacherFigures(join(folder, 'teacher'), folder, ['toy'])).toThrow(/figures need two/);
  });
});
