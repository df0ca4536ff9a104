import { existsSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { createRng } from '../augment/rng.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { readAccessories } from '../data/accessories.ts';
import { alignedFiles } from '../data/aligned-set.ts';
import { RECIPES } from '../recipes.ts';
import { type DataOptions, openRunData } from '../run-data.ts';
import { blendFaces, type Morph } from './blend.ts';
import { MORPH } from './config.ts';
import { createPairs } from './pairs.ts';
import { TEACHER_SIDE, TeacherNetwork } from './teacher-network.ts';
import { cutForTeacher } from './teacher-window.ts';
import { openMorphSet } from './write.ts';

interface MorphCommandOptions {
  cache: string;
  accessories: string[];
  name: string;
  count: string;
  seed: string;
  teacherOut: string;
  force?: boolean;
}

/** Faces that the teacher embeds at once. */
const BATCH = 32;

/** `morph`: new faces out of two, each with the teacher's embedding. */
export function registerMorph(program: Command): void {
  program
    .command('morph')
    .description(
      'make faces that nobody has out of two training faces each, and let the teacher embed them: new people for `distil`',
    )
    .requiredOption('--cache <dir>', 'aligned faces; the new set is written beside them')
    .option('--accessories <set=file.tsv...>', 'pictures that show an accessory, which are left out', [])
    .option('--name <name>', 'name of the new set', 'morph')
    .option('--count <n>', 'faces', '20000')
    .option('--seed <n>', 'seed; another one gives other faces', '1')
    .requiredOption('--teacher-out <dir>', 'where embeddings.f16 and images.txt go, for `train --teacher`')
    .option('--force', 'make the set anew where it is there already')
    .action(morph);
}

async function morph(options: MorphCommandOptions): Promise<void> {
  const { cache, name, accessories } = options;
  const count = wholeNumber('--count', options.count);
  const seed = wholeNumber('--seed', options.seed);
  if (existsSync(alignedFiles(cache, name).index) && !options.force)
    throw new Error(`${cache} holds a set ${name} already: give another --name, or --force to make it anew.`);
  await chooseBackend();
  const data: DataOptions = { cache, teacher: [], accessories, jobs: 1 };
  // The same split as `train`: validation people lend no feature to a face that is trained on.
  const { sets, split } = await openRunData(RECIPES['distil']!, data);
  const pairs = createPairs(sets, split, new Set(accessories.flatMap(readAccessories)), MORPH);
  const teacher = TeacherNetwork.load();
  const written = openMorphSet(cache, name, options.teacherOut);
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} faces, {speed} a second, {eta_formatted} left`,
    noTTYOutput: true,
    notTTYSchedule: 20_000,
  });
  const start = performance.now();
  bar.start(count, 0, { speed: '-' });
  for (let done = 0; done < count; done += BATCH) {
    const faces = Array.from({ length: Math.min(BATCH, count - done) }, (_, i): Morph => {
      const rng = createRng(seed * 1e9 + done + i);
      const [first, second] = pairs.draw(rng);
      return blendFaces(first, second, MORPH, rng);
    });
    await written.add(faces, await embedFaces(teacher, faces));
    bar.update(done + faces.length, { speed: ((done * 1000) / (performance.now() - start)).toFixed(1) });
  }
  bar.stop();
  await written.finish();
  teacher.dispose();
  for (const set of sets) set.close();
}

function embedFaces(teacher: TeacherNetwork, faces: readonly Morph[]): Promise<Float32Array[]> {
  const bytes = TEACHER_SIDE * TEACHER_SIDE * 3;
  const pixels = new Uint8ClampedArray(faces.length * bytes);
  faces.forEach(({ crop, mesh }, i) => {
    cutForTeacher(crop, mesh, pixels.subarray(i * bytes, (i + 1) * bytes));
  });
  return teacher.embed(pixels, faces.length);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} takes a whole number from 1, not ${text}.`);
  return value;
}
