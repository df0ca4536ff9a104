import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process or thread has ended meanwhile.
    return '';
  }
};
const numbers = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
};

/** The processes that a browser with this profile consists of. */
function processesOf(profile: string): string[] {
  const all = numbers('/proc').map((pid) => ({
    pid,
    parent: /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1],
    root: read(`/proc/${pid}/cmdline`).includes(`--user-data-dir=${profile}`),
  }));
  const family = new Set(all.filter(({ root }) => root).map(({ pid }) => pid));
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (parent && family.has(parent)) family.add(pid);
  }
  return [...family];
}

/**
 * Milliseconds for which the browser's threads had a core so far, together; null where the system does not tell (it is
 * Linux that does). On a machine that others use too, this says what the work costs and the clock who else was working.
 */
export function processorTime(profile: string): number | null {
  const threads = processesOf(profile).flatMap((pid) =>
    numbers(`/proc/${pid}/task`).map((thread) => read(`/proc/${pid}/task/${thread}/schedstat`)),
  );
  if (threads.length === 0) return null;
  return threads.reduce((sum, line) => sum + Number(line.split(' ')[0] ?? 0), 0) / 1e6;
}

/** Measures, and beside it how long the browser's threads had a core for each of the values, on average. */
export async function withProcessorTime(profile: string, measure: () => Promise<readonly number[]>) {
  const before = processorTime(profile);
  const values = await measure();
  const after = processorTime(profile);
  return { values, worked: before === null || after === null ? null : (after - before) / values.length };
}
