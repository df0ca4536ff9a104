import type { Command } from 'commander';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { cachedSets } from '../samples/run-data.ts';
import { openTeacherFolder, type TeacherFolder } from '../teacher/embeddings.ts';
import { teachPictures } from '../teacher/face-api-pictures.ts';
import { openTeacher, TEACHER_BATCH, type TeacherName, teacherOption } from '../teacher/teacher.ts';
import { startProgress } from '../util/progress.ts';

interface TeachOptions {
  cache?: string;
  data?: string;
  sets?: string[];
  out: string;
  teacher: TeacherName;
}

/** `teach`: the teacher's embedding of every picture, in the files that `train --teacher` reads. */
export function registerTeach(program: Command): void {
  program
    .command('teach')
    .description('embed every aligned face with the teacher, for `train --teacher`')
    .option('--cache <dir>', 'aligned faces')
    .option(
      '--data <dir>',
      'instead, with --teacher face-api: pictures, in which face-api looks for the face itself',
    )
    .option('--sets <names...>', 'sets of that folder (default: all)')
    .addOption(teacherOption())
    .requiredOption('--out <dir>', 'where embeddings.f16 and images.txt go')
    .action(teach);
}

async function teach({ cache, data, sets, out, teacher }: TeachOptions): Promise<void> {
  if ((cache === undefined) === (data === undefined))
    throw new Error('`teach` takes either --cache DIR (aligned faces) or --data DIR (pictures).');
  if (data !== undefined && teacher !== 'face-api')
    throw new Error(
      `${teacher} embeds aligned faces: give --cache DIR, which \`align --data ${data} --out DIR\` writes. Only --teacher face-api takes --data.`,
    );
  const written = openTeacherFolder(out, teacher);
  if (data !== undefined) await teachPictures(data, sets, written);
  else await teachCache(cache!, sets, teacher, written);
  await written.finish();
}

async function teachCache(
  cache: string,
  names: readonly string[] = cachedSets(cache),
  teacherName: TeacherName,
  written: TeacherFolder,
): Promise<void> {
  if (names.length === 0) throw new Error(`The cache ${cache} holds no set: \`align\` writes one.`);
  const sets = openAlignedSets(cache, names);
  const teacher = await openTeacher(teacherName);
  for (const set of sets) {
    const progress = startProgress({ title: set.name, total: set.count, unit: 'faces' });
    for (let done = 0; done < set.count; done += TEACHER_BATCH) {
      const paths = set.paths.slice(done, done + TEACHER_BATCH);
      const faces = paths.map((_, i) => ({ crop: set.readCrop(done + i), mesh: set.readMesh(done + i) }));
      for (const [i, values] of (await teacher.embed(faces)).entries()) await written.add(paths[i]!, values);
      progress.add(faces.length);
    }
    progress.stop();
    set.close();
  }
  teacher.dispose();
}
