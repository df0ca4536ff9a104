import { existsSync } from 'node:fs';
import { createRng } from '@rounz/core/math/random.ts';
import type { Command } from 'commander';
import { alignedFiles, type CachedFace } from '../cache/aligned-set.ts';
import { readAccessories } from '../data/accessories.ts';
import { blendFaces } from '../morph/blend.ts';
import { MORPH } from '../morph/config.ts';
import { createPairs } from '../morph/pairs.ts';
import { openMorphSet } from '../morph/write.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { type DataOptions, openRunData } from '../samples/run-data.ts';
import { openTeacherFolder } from '../teacher/embeddings.ts';
import { openTeacher, TEACHER_BATCH, type TeacherName, teacherOption } from '../teacher/teacher.ts';
import { wholeNumber } from '../util/options.ts';
import { startProgress } from '../util/progress.ts';

interface MorphCommandOptions {
  cache: string;
  accessories: string[];
  name: string;
  count: number;
  seed: number;
  teacher: TeacherName;
  teacherOut: string;
  force?: boolean;
}

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
    .option('--count <n>', 'faces', wholeNumber({ from: 1 }), 20_000)
    .option('--seed <n>', 'seed; another one gives other faces', wholeNumber({ from: 1, to: 1_000_000 }), 1)
    .addOption(teacherOption())
    .requiredOption('--teacher-out <dir>', 'where embeddings.f16 and images.txt go, for `train --teacher`')
    .option('--force', 'make the set anew where it is there already')
    .action(morph);
}

async function morph(options: MorphCommandOptions): Promise<void> {
  const { cache, name, accessories, count, seed } = options;
  if (existsSync(alignedFiles(cache, name).index) && !options.force)
    throw new Error(`${cache} holds a set ${name} already: give another --name, or --force to make it anew.`);
  const data: DataOptions = { cache, teacher: [], accessories, jobs: 1 };
  // The same split as `train`: validation people lend no feature to a face that is trained on.
  const { sets, split } = await openRunData(RECIPES['distil']!, data);
  const pairs = createPairs(sets, split, new Set(accessories.flatMap(readAccessories)), MORPH);
  const teacher = await openTeacher(options.teacher);
  const written = openMorphSet(cache, name, openTeacherFolder(options.teacherOut, options.teacher));
  const progress = startProgress({ title: name, total: count, unit: 'faces' });
  for (let done = 0; done < count; done += TEACHER_BATCH) {
    const faces = Array.from({ length: Math.min(TEACHER_BATCH, count - done) }, (_, i): CachedFace => {
      const rng = createRng(seed * 1e9 + done + i);
      const [first, second] = pairs.draw(rng);
      return blendFaces(first, second, MORPH, rng);
    });
    await written.add(faces, await teacher.embed(faces));
    progress.add(faces.length);
  }
  progress.stop();
  await written.finish();
  teacher.dispose();
  for (const set of sets) set.close();
}
