import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of this name says that a folder, and every folder in it, holds rendered people alone: they may be shown. */
export const RENDERED_MARK = 'RENDERED.txt';

/** Marks a folder of rendered pictures; reports then show their worst mistakes. Never call it for photographs. */
export function markRendered(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, RENDERED_MARK),
    'Every person in this folder is rendered by training/synth and nobody real. Reports may show these pictures.\n',
  );
}

/** Whether a set of the cache holds rendered people: by its name, as `align --set rendered=DIR` gives it. */
export const isRenderedSet = (set: string): boolean => set.startsWith('rendered');
