import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type FaceSource, readSource } from '../data/sources.ts';
import type { SetFile } from '../data/tar.ts';
import { parseProbes } from './probe-list.ts';
import { type Findings, type Measured, pairFindings, probeFindings } from './protocols.ts';
import { allPairTrials, type Compared, probeTrials, type Trials } from './trials.ts';

/** A protocol over some pictures. */
export interface Job {
  readonly set: string;
  /** folder or archive of the pictures */
  readonly source: string;
  readonly protocol: string;
  /** how many pictures `files` gives */
  count(): Promise<number>;
  files(): AsyncGenerator<SetFile>;
  findings(measured: Measured): Findings;
  trials(compared: Compared): Trials;
}

export interface JobOptions {
  readonly probes?: string;
  readonly images?: string;
  readonly folder?: string;
}

/** @throws Error that says what is missing */
export function readJob({ probes, images, folder }: JobOptions): Job {
  if (folder !== undefined && probes === undefined) return allPairJob(folder);
  if (folder === undefined && probes !== undefined && images !== undefined) return probeJob(probes, images);
  throw new Error(
    'Say what to measure on: --probes FILE.tsv with --images DIR|TAR, --folder DIR|TAR, or --task 03|05 with --data DIR.',
  );
}

export const sourceOf = (path: string): FaceSource => ({
  name: basename(path).replace(/\.tar$/, ''),
  location: statSync(path).isDirectory() ? { kind: 'folder', folder: path } : { kind: 'tars', files: [path] },
});

function allPairJob(path: string): Job {
  const source = sourceOf(path);
  return {
    set: source.name,
    source: path,
    protocol: 'all pairs of pictures; searches of a gallery with each person’s first picture',
    count: () => count(readSource(source)),
    files: () => readSource(source),
    findings: (measured) => pairFindings(source.name, measured),
    trials: (compared) => allPairTrials(source.name, compared),
  };
}

function probeJob(listFile: string, images: string): Job {
  const probes = parseProbes(readFileSync(listFile, 'utf8'));
  const source = sourceOf(images);
  const wanted = new Set(probes.flatMap(({ picture, gallery: [first] }) => [picture, first]));
  return {
    set: source.name,
    source: images,
    protocol: 'each probe against one bare gallery picture of every person',
    count: async () => wanted.size,
    async *files() {
      for await (const file of readSource(source)) if (wanted.has(file.path)) yield file;
    },
    findings: (measured) => probeFindings(probes, measured),
    trials: (compared) => probeTrials(probes, probes, compared),
  };
}

export async function count(files: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of files) total++;
  return total;
}
