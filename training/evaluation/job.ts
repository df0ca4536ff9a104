import { identityAdvice } from '../cache/align-report.ts';
import { identityOf } from '../data/identity.ts';
import { sourcesFromSpec } from '../data/layout.ts';
import type { SetFile } from '../data/set-file.ts';
import { someOf } from '../data/set-notes.ts';
import { type FaceSource, listSource, readSource } from '../data/sources.ts';
import { partOfSet } from '../data/splits.ts';
import { readListText } from '../data/text-list.ts';
import type { RoleOf } from './collect.ts';
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
  /** templates where it is absent: of all pairs none is the probe, but a side on which something is drawn */
  readonly roleOf?: RoleOf;
  findings(measured: Measured): Findings;
  trials(compared: Compared): Trials;
}

export interface JobOptions {
  readonly probes?: string;
  readonly images?: string;
  readonly folder?: string;
  /** part of a set that is split by person; test where absent */
  readonly part?: string;
  /** pictures taken of each person, spread evenly over them; all where absent */
  readonly perPerson?: number;
}

/** Pictures whose pairs memory holds: 18 million of them. */
const MOST_PICTURES = 6000;

/** @throws Error that says what is missing */
export async function readJob(options: JobOptions): Promise<Job> {
  const { probes, images, folder } = options;
  if (folder !== undefined && probes === undefined) return allPairJob(folder, options);
  if (folder === undefined && probes !== undefined && images !== undefined) return probeJob(probes, images);
  throw new Error(
    'Say what to measure on: --probes FILE.tsv with --images DIR|TAR, --folder DIR|TAR, or --task 03|05 with --data DIR.',
  );
}

/**
 * The set of a folder or an archive; of one that is split by person, the part.
 *
 * @throws Error where the part is not there
 */
export async function sourceOf(path: string, part: string = 'test'): Promise<FaceSource> {
  const sources = await sourcesFromSpec(path);
  const [only] = sources;
  if (only && sources.length === 1) return only;
  const found = sources.find(({ name }) => partOfSet(name) === part);
  if (!found)
    throw new Error(`${path} has no part ${part}; it has ${sources.map(({ name }) => name).join(', ')}.`);
  return found;
}

/** Paths of the pictures that are taken of each person: `most` of them, evenly over their order. */
export function spread(set: string, paths: readonly string[], most: number): Set<string> {
  const people = new Map<string, string[]>();
  for (const path of paths) {
    const person = identityOf(set, path) ?? path;
    people.set(person, [...(people.get(person) ?? []), path]);
  }
  const taken = [...people.values()].flatMap((own) => {
    const count = Math.min(most, own.length);
    return Array.from({ length: count }, (_, i) => own[Math.floor((i * own.length) / count)]!);
  });
  return new Set(taken);
}

async function allPairJob(
  path: string,
  { part, perPerson = Number.POSITIVE_INFINITY }: JobOptions,
): Promise<Job> {
  const source = await sourceOf(path, part);
  const paths: string[] = [];
  for await (const entry of listSource(source)) paths.push(entry.path);
  if (!paths.some((one) => identityOf(source.name, one)))
    throw new Error(`${path} cannot be compared by person: ${identityAdvice(source.name)}.`);
  const wanted = spread(source.name, paths, perPerson);
  if (wanted.size > MOST_PICTURES)
    throw new Error(
      `${path} has ${wanted.size} pictures, too many to compare each with each; take some of each person with --per-person.`,
    );
  return {
    set: source.name,
    source: path,
    protocol: 'all pairs of pictures; searches of a gallery with one picture of each person',
    count: async () => wanted.size,
    async *files() {
      for await (const entry of listSource(source))
        if (wanted.has(entry.path)) yield { path: entry.path, bytes: await entry.read() };
    },
    findings: (measured) => pairFindings(source.name, measured),
    trials: (compared) => allPairTrials(source.name, compared),
  };
}

async function probeJob(listFile: string, images: string): Promise<Job> {
  const probes = parseProbes(readListText(listFile), listFile);
  const source = await sourceOf(images);
  const enrolled = new Set(probes.map(({ gallery: [first] }) => first));
  const wanted = new Set(probes.flatMap(({ picture, gallery: [first] }) => [picture, first]));
  await assertListed(wanted, source, `${listFile} and ${images}`);
  return {
    set: source.name,
    source: images,
    protocol: 'each probe against one bare gallery picture of every person',
    count: async () => wanted.size,
    async *files() {
      for await (const file of readSource(source)) if (wanted.has(file.path)) yield file;
    },
    roleOf: (path) => (enrolled.has(path) ? 'template' : 'probe'),
    findings: (measured) => probeFindings(probes, measured),
    trials: (compared) => probeTrials(probes, probes, compared),
  };
}

/** @throws Error that names pictures of the list which the set does not have */
async function assertListed(wanted: ReadonlySet<string>, source: FaceSource, where: string): Promise<void> {
  const missing = new Set(wanted);
  let example = '';
  for await (const { path } of listSource(source)) {
    missing.delete(path);
    example ||= path;
  }
  if (missing.size > 0)
    throw new Error(
      `${where}: ${missing.size} of the ${wanted.size} pictures that the list names are not there, such as ` +
        `${someOf([...missing])}. The pictures have paths like ${example || '(none)'}.`,
    );
}

export async function count(files: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of files) total++;
  return total;
}
