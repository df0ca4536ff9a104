import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFinder } from '../../cache/find-face.ts';
import type { ChallengeTask } from '../../data/challenge-files.ts';
import type { KfaceTree } from '../../data/kface-tree.ts';
import { markRendered } from '../../data/rendered.ts';
import { PARTS, type Part, SPLIT_FILE } from '../../data/splits.ts';
import { runInProcess } from '../../util/worker-process.ts';
import { camerasOf, picturesPerPerson, type TwinConfig, twinConfigSchema } from './config.ts';
import { checkPairCount } from './pairs.ts';
import { isDrawn, type PersonJob, twinPerson } from './person.ts';
import { type ProtocolConfig, type ProtocolReport, roleOf, writeProtocol } from './protocol.ts';

/** Where `synth twin` writes, and where `train` looks, unless told otherwise. */
export const TWIN_FOLDER = join(import.meta.dirname, '../../../.cache/twin');

/** Where a twin's parts lie. */
export const twinFiles = (folder: string) => ({
  config: join(folder, 'twin.json'),
  /** K-FACE's tree and `splits.tsv` */
  kface: join(folder, 'kface'),
  task03: join(folder, 'task03'),
  task05: join(folder, 'task05'),
});

/** How far the work is; `pictures` are drawn, `crops` cut. */
export type TwinProgress = (stage: 'pictures' | 'crops', done: number, total: number) => void;

export interface TwinRequest {
  readonly folder: string;
  readonly config: TwinConfig;
  /** processes */
  readonly jobs: number;
  readonly onProgress: TwinProgress;
}

/**
 * Draws a K-FACE of people who do not exist, with the challenge's files over it. The same config gives the same files.
 * Goes on where it stopped; more people may be asked for later.
 *
 * @throws Error before anything is drawn where the folder holds a twin of another config, or where the people asked for do not
 *   have as many pairs as are asked for
 */
export async function writeTwin(request: TwinRequest): Promise<ProtocolReport> {
  const { folder, config, onProgress } = request;
  const files = twinFiles(folder);
  checkTwinPairs(config);
  mkdirSync(files.kface, { recursive: true });
  keepConfig(files.config, config);
  markRendered(folder);
  const people = peopleOf(config);
  await drawPeople(request, [...people.keys()]);
  const lines = [...people].map(([person, part]) => `${person}\t${part}`);
  writeFileSync(join(files.kface, SPLIT_FILE), `${lines.join('\n')}\n`);
  const tree: KfaceTree = { root: files.kface, resolution: bestResolution(config) };
  return writeProtocol({
    tree,
    splits: people,
    outFolder: folder,
    config: protocolConfigOf(config),
    find: createFinder(noDetector, { landmarks: 'only', detectCrops: false }, false).find,
    onPicture: (done, total) => onProgress('crops', done, total),
  });
}

const protocolConfigOf = (config: TwinConfig): ProtocolConfig => ({
  tasks: config.side.length > 0 ? ['03', '05'] : ['05'],
  lights: config.lights,
  front: config.front,
  side: config.side,
  // The challenge knows no masks.
  accessories: config.sessions.filter((session) => session > 'S001' && session <= 'S006'),
  pairs: config.pairs,
  seed: config.seed,
});

/** @throws Error that names the list for which the people that the config asks for have too few pairs */
export function checkTwinPairs(config: TwinConfig): void {
  const protocol = protocolConfigOf(config);
  for (const task of protocol.tasks) {
    const shelf = shelfSize(task, config, protocol);
    for (const part of ['validate', 'test'] as const)
      if (config.pairs[part] > 0)
        checkPairCount(
          Array.from({ length: config.people[part] }, () => shelf),
          config.pairs[part],
          `task ${task}, ${part}`,
        );
  }
}

/** How many pictures of each kind a drawn person has in a task. */
function shelfSize(task: ChallengeTask, config: TwinConfig, protocol: ProtocolConfig) {
  const each = config.lights.length * config.expressions.length;
  const roles = config.sessions.flatMap((session) =>
    camerasOf(config, session).map((camera) => roleOf(task, session, camera, protocol)),
  );
  const count = (role: 'plain' | 'other') => roles.filter((one) => one === role).length * each;
  return { plain: count('plain'), other: count('other') };
}

const noDetector = () => Promise.reject(new Error('Every drawn picture has an annotation.'));

const bestResolution = ({ resolutions }: TwinConfig) =>
  (['High', 'Middle', 'Low'] as const).find((one) => resolutions.includes(one))!;

/** Everybody of a twin, with what they are for. */
export const peopleOf = ({ people, seed }: TwinConfig): Map<string, Part> =>
  new Map(
    PARTS.flatMap((part) =>
      Array.from({ length: people[part] }, (_, i) => [twinPerson(part, seed, i), part] as const),
    ),
  );

/** People and pairs may change; what a person's folder holds may not. */
function keepConfig(file: string, config: TwinConfig): void {
  if (existsSync(file)) {
    const there = twinConfigSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const changed = (Object.keys(config) as (keyof TwinConfig)[]).filter(
      (key) =>
        key !== 'people' && key !== 'pairs' && JSON.stringify(there[key]) !== JSON.stringify(config[key]),
    );
    if (changed.length > 0)
      throw new Error(
        `${file} says that this twin was drawn with other ${changed.join(', ')}. Give another --out, or remove the folder.`,
      );
  }
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}

async function drawPeople(
  { folder, config, jobs, onProgress }: TwinRequest,
  people: readonly string[],
): Promise<void> {
  const each = picturesPerPerson(config);
  const all = people.map((person): PersonJob => ({ person, root: twinFiles(folder).kface, config }));
  const queue = all.filter((job) => !isDrawn(job));
  let done = (all.length - queue.length) * each;
  onProgress('pictures', done, all.length * each);
  const workers = Array.from({ length: Math.min(jobs, queue.length) }, () =>
    fork(join(import.meta.dirname, 'worker.ts')),
  );
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let job = queue.shift(); job; job = queue.shift())
          await runInProcess(
            worker,
            job,
            (count) => {
              done += count;
              onProgress('pictures', done, all.length * each);
            },
            { what: `Drawing ${job.person}`, advice: 'run synth again to go on' },
          );
      }),
    );
  } finally {
    for (const worker of workers) worker.kill();
  }
}
