import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

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
