import { Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import type { Teacher } from './contract.ts';
import { FaceApiTeacher } from './face-api.ts';
import { MobileFaceNetTeacher } from './mobilefacenet.ts';
import { SFaceTeacher } from './sface.ts';

const LOADERS = {
  mobilefacenet: () => MobileFaceNetTeacher.load(),
  sface: () => SFaceTeacher.load(),
  'face-api': async () => FaceApiTeacher.load(),
} as const satisfies Readonly<Record<string, () => Promise<Teacher>>>;

export type TeacherName = keyof typeof LOADERS;

const TEACHERS = Object.keys(LOADERS) as readonly TeacherName[];

/** docs/decisions/011-a-better-teacher.md */
const DEFAULT_TEACHER: TeacherName = 'mobilefacenet';

/** Faces that are handed to a teacher at once; from 16 to 40, the time of each was the same. */
export const TEACHER_BATCH = 32;

export const teacherOption = (): Option =>
  new Option('--teacher <name>', 'whose embeddings').choices(TEACHERS).default(DEFAULT_TEACHER);

/** Starts a backend that keeps activations in float32, and loads a teacher, fetching what it needs. */
export async function openTeacher(name: TeacherName): Promise<Teacher> {
  await chooseBackend(undefined, { activations: 'float32' });
  return LOADERS[name]();
}
