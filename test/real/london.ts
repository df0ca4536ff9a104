import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from '../../training/data/sources.ts';

/** One person of the set, as files of a temporary folder. */
export interface LondonPerson {
  readonly id: string;
  readonly neutral: string;
  readonly smiling: string;
}

const PICTURE = /^(neutral|smiling)_front\/(\d+)_\d+\.jpg$/;

/** Unpacks the set into a folder that the caller removes; everybody with both pictures, in the order of their numbers. */
export async function unpackLondon(tar: string, folder: string): Promise<LondonPerson[]> {
  const found = new Map<string, Partial<Record<string, string>>>();
  mkdirSync(folder, { recursive: true });
  for await (const { path, bytes } of readSource({
    name: 'london',
    location: { kind: 'archives', files: [tar] },
  })) {
    const [, mood, id] = PICTURE.exec(path) ?? [];
    if (!mood || !id) continue;
    const file = join(folder, `${mood}-${id}.jpg`);
    writeFileSync(file, bytes);
    found.set(id, { ...found.get(id), [mood]: file });
  }
  return [...found]
    .flatMap(([id, { neutral, smiling }]) => (neutral && smiling ? [{ id, neutral, smiling }] : []))
    .sort((a, b) => a.id.localeCompare(b.id));
}
