import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunningProcess {
  readonly id: number;
  /** its command line */
  readonly line: string;
}

/** All processes that this one has started, directly or through others; Linux and macOS. */
export function descendants(root: number): readonly RunningProcess[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1 << 24 })
    .split('\n')
    .flatMap((text) => {
      const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(text);
      return found ? [{ id: Number(found[1]), parent: Number(found[2]), line: found[3]! }] : [];
    });
  const found: RunningProcess[] = [];
  let parents = new Set([root]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ id }) => id));
  }
  return found;
}

/** Open files and sockets of these processes; NaN where the system does not tell. */
export function openHandles(processes: readonly RunningProcess[]): number {
  if (process.platform !== 'linux') return Number.NaN;
  let handles = 0;
  for (const { id } of processes) {
    try {
      handles += readdirSync(`/proc/${id}/fd`).length;
    } catch {
      // It has ended meanwhile.
    }
  }
  return handles;
}

/**
 * Milliseconds for which the threads of that name had a core so far; NaN where the system does not tell. On a machine that others
 * use too it says what the work costs, and the clock who else was working.
 *
 * @param name the first 15 characters of the thread's name
 */
export function threadTime(processes: readonly RunningProcess[], name: string): number {
  if (process.platform !== 'linux') return Number.NaN;
  let nanoseconds = 0;
  for (const { id } of processes) {
    try {
      for (const thread of readdirSync(`/proc/${id}/task`)) {
        const folder = join(`/proc/${id}/task`, thread);
        if (readFileSync(join(folder, 'comm'), 'utf8').trim() !== name) continue;
        nanoseconds += Number(readFileSync(join(folder, 'schedstat'), 'utf8').split(' ')[0]);
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return nanoseconds / 1e6;
}
