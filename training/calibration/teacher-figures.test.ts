import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  async function teacherWho(
    name: string,
    whose: (person: number, picture: number) => number | undefined,
  ): Promise<string> {
    const teacher = join(folder, name);
    const written = openTeacherFolder(teacher, 'mobilefacenet');
    for (let person = 0; person < PEOPLE; person++)
      for (let picture = 0; picture < PICTURES; picture++) {
        const axis = whose(person, picture);
        const values = new Float32Array(TEACHER_SIZE);
        if (axis !== undefined) values[axis] = 3;
        await written.add(`toy/${person}/${picture}.jpg`, axis === undefined ? undefined : values);
      }
    await written.finish();
    return teacher;
  }
  const options = { cache: folder, sets: ['toy'] };
  const figuresOf = async (whose: (person: number, picture: number) => number | undefined) =>
    teacherFigures([await teacherWho('teacher', whose)], options);

  it('are perfect where it tells everybody apart', async () => {
    const [title, about, plain, centred] = await figuresOf((person) => person);
    expect(title).toMatch(/\((\d+) probes, \1 people\)/);
    expect(about).toMatch(/\(mobilefacenet\); 0 validation pictures without/);
    expect(plain).toContain('1.000 1.000 1.000; 0.000; 1.000');
    expect(centred).toContain('1.000 1.000 1.000; 0.000; 1.000');
  });

  it('are poor where it takes everybody for the next one', async () => {
    const [, , plain] = await figuresOf((person, picture) => person + picture);
    expect(plain).toContain('0.000 0.000 0.000;');
  });

  it('count pictures without an embedding', async () => {
    const [title, about] = await figuresOf((person, picture) => (picture === 0 ? person : undefined));
    const [, probes] = /\((\d+) probes/.exec(title!)!;
    expect(about).toContain(`; ${probes} validation pictures without`);
  });

  /** Everybody's second picture is covered. */
  function everybodyCovered(): { accessories: string[] } {
    const list = join(folder, 'worn.tsv');
    const rows = Array.from({ length: PEOPLE }, (_, person) => `${person}/0.jpg\t0\n${person}/1.jpg\t1`);
    writeFileSync(list, `image\teyewear\n${rows.join('\n')}\n`);
    return { accessories: [`toy=${list}`] };
  }

  it('compare covered pictures of everybody with bare ones, where lists say which are covered', async () => {
    const teacher = await teacherWho('teacher', (person, picture) =>
      picture === 1 && person % 4 === 0 ? person + 1 : person,
    );
    const [title, , plain] = teacherFigures([teacher], { ...options, ...everybodyCovered() });
    expect(title).toContain(`| ${PEOPLE} probes, ${PEOPLE} people)`);
    // A quarter of the covered pictures is taken for the next person.
    expect(plain).toMatch(/ \| .*; 0\.750$/);
  });

  it('lay teachers side by side by their shares: the longer one decides where they disagree', async () => {
    const right = await teacherWho('right', (person) => person);
    const wrong = await teacherWho('wrong', (person, picture) => (person + picture) % PEOPLE);
    const last = (shares: number[]) =>
      teacherFigures([wrong, right], { ...options, ...everybodyCovered(), shares }).at(-1);
    expect(last([1, 3])).toMatch(/side by side, 1 : 3: .*; 1\.000$/);
    expect(last([3, 1])).toMatch(/side by side, 3 : 1: .*; 0\.000$/);
    expect(() => last([1])).toThrow('1 numbers for 2 teachers');
  });

  it('need two people', async () => {
    const teacher = await teacherWho('teacher', (person) => person);
    writeToySet(folder, 1, 2);
    expect(() => teacherFigures([teacher], options)).toThrow(/figures need two/);
  });
});
