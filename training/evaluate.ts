import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { type FaceSource, readSource } from './data/sources.ts';
import type { SetFile } from './data/tar.ts';
import { collectEmbeddings, type Embeddings } from './evaluation/collect.ts';
import { FIGURES, type Figures, figuresOf } from './evaluation/figures.ts';
import { loadModelRecogniser } from './evaluation/model-recogniser.ts';
import { loadPeer, PEERS, type PeerName } from './evaluation/peers.ts';
import { type Probe, parseProbes } from './evaluation/probe-list.ts';
import type { Recogniser } from './evaluation/recogniser.ts';
import { type Evaluation, formatEvaluation } from './evaluation/report.ts';
import { allPairTrials, probeTrials } from './evaluation/trials.ts';

interface EvaluateOptions {
  model?: string;
  peer?: string;
  probes?: string;
  images?: string;
  folder?: string;
  json?: string;
  resamples: string;
}

/** `evaluate`: the figures of ISO/IEC 19795 for a model or a peer, through the whole pipeline. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('error rates through the whole pipeline: detect, align, embed, compare')
    .option('--model <dir>', 'exported model folder')
    .option('--peer <name>', `measure one of ${PEERS.join(', ')} instead of a model`)
    .option(
      '--probes <file.tsv>',
      'identity, accessory, probe, gallery: probes against bare gallery pictures',
    )
    .option('--images <dir|tar>', 'the pictures that the probe list names')
    .option('--folder <dir|tar>', 'instead of a probe list: all pairs of a set with a folder for each person')
    .option('--json <file>', 'write the figures there, DET points included')
    .option('--resamples <n>', 'draws of the bootstrap; 0 for no intervals', String(FIGURES.resamples))
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const config = { ...FIGURES, resamples: Number(options.resamples) };
  if (!Number.isInteger(config.resamples) || config.resamples < 0)
    throw new Error(`--resamples takes a whole number, not ${options.resamples}.`);
  const job = readJob(options);
  const recogniser = await loadRecogniser(options);
  try {
    const embeddings = await collectEmbeddings(
      recogniser,
      job.files(),
      job.pictures ?? (await count(job.files())),
    );
    const evaluation: Evaluation = {
      recogniser: recogniser.name,
      set: job.set,
      protocol: job.protocol,
      pictures: embeddings.size,
      failedToAcquire: [...embeddings.values()].filter((embedding) => embedding === null).length,
      groups: job.groups(embeddings, recogniser, config),
    };
    process.stdout.write(formatEvaluation(evaluation));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(evaluation, null, 2)}\n`);
  } finally {
    recogniser.dispose();
  }
}

async function loadRecogniser({ model, peer }: EvaluateOptions): Promise<Recogniser> {
  if ((model === undefined) === (peer === undefined))
    throw new Error('Say what to measure: either --model DIR or --peer NAME.');
  if (model !== undefined) return loadModelRecogniser(model);
  const known = PEERS.find((name): name is PeerName => name === peer);
  if (!known) throw new Error(`There is no peer ${peer}; there are ${PEERS.join(', ')}.`);
  return loadPeer(known);
}

/** A protocol: which pictures it needs and what it compares. */
interface Job {
  readonly set: string;
  readonly protocol: string;
  readonly pictures?: number;
  files(): AsyncGenerator<SetFile>;
  groups(embeddings: Embeddings, recogniser: Recogniser, config: typeof FIGURES): Record<string, Figures>;
}

function readJob({ probes, images, folder }: EvaluateOptions): Job {
  if (folder !== undefined && probes === undefined) return allPairJob(folder);
  if (folder === undefined && probes !== undefined && images !== undefined) return probeJob(probes, images);
  throw new Error('Say what to measure on: --probes FILE.tsv with --images DIR|TAR, or --folder DIR|TAR.');
}

const sourceOf = (path: string): FaceSource => ({
  name: basename(path).replace(/\.tar$/, ''),
  location: statSync(path).isDirectory() ? { kind: 'folder', folder: path } : { kind: 'tars', files: [path] },
});

function allPairJob(path: string): Job {
  const source = sourceOf(path);
  return {
    set: source.name,
    protocol: 'all pairs of pictures',
    files: () => readSource(source),
    groups: (embeddings, { similarity }, config) => ({
      all: figuresOf(allPairTrials(source.name, embeddings, similarity), config),
    }),
  };
}

function probeJob(listFile: string, images: string): Job {
  const probes = parseProbes(readFileSync(listFile, 'utf8'));
  const source = sourceOf(images);
  const wanted = new Set(probes.flatMap(({ picture, gallery: [first] }) => [picture, first]));
  return {
    set: source.name,
    protocol: 'each probe against one bare gallery picture of every person',
    pictures: wanted.size,
    async *files() {
      for await (const file of readSource(source)) if (wanted.has(file.path)) yield file;
    },
    groups: (embeddings, { similarity }, config) => {
      const figures = (group: readonly Probe[]) =>
        figuresOf(probeTrials(group, probes, embeddings, similarity), config);
      const accessories = [...new Set(probes.flatMap((probe) => probe.accessories))].sort();
      const groups = accessories.map((accessory) => [
        accessory,
        figures(probes.filter((probe) => probe.accessories.includes(accessory))),
      ]);
      return { all: figures(probes), ...Object.fromEntries(groups) };
    },
  };
}

async function count(files: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of files) total++;
  return total;
}
