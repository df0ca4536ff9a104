import { errorMessage } from '@rounz/core/error-message.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { useNativeBackend } from '../backend/native.ts';
import { type Course, runCourses } from './conformance.ts';

/** The courses on one backend, or why it is not here. */
export type ConformanceAnswer =
  | { readonly description: string; readonly courses: Readonly<Record<string, Course>> }
  | { readonly absent: string };

/** bfloat16 has tolerances of its own, in the native backend's test. */
async function start(backend: string): Promise<string> {
  if (backend === 'native') return `oneDNN ${(await useNativeBackend('float32')).version}`;
  return (await chooseBackend(backend, { say: () => {}, softwareAdapter: true })).description;
}

process.on('message', async (backend: string) => {
  let description: string;
  try {
    description = await start(backend);
  } catch (error) {
    process.send?.({ absent: errorMessage(error) });
    return;
  }
  // What fails from here on is no absence: it ends the process.
  process.send?.({ description, courses: await runCourses() });
});
