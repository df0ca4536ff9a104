import { writeFileSync } from 'node:fs';
import { keyStreamBytes } from '@rounz/core/match/protect.ts';
import { createRng } from '@rounz/core/math/random.ts';
import type { Command } from 'commander';
import { readListText } from '../data/text-list.ts';
import { attack, inversions } from '../evaluation/linkability/attacks.ts';
import { costOfFusing, FMRS } from '../evaluation/linkability/cost.ts';
import { randomPeople, readPeople } from '../evaluation/linkability/people.ts';
import { decimal, wholeNumber } from '../util/options.ts';

interface LinkabilityOptions {
  data?: string;
  people: number;
  alike: number;
  seed: number;
  json?: string;
}

const PAIRS = [64, 128, 256, 384, 512, 768];

/** `linkability`: what the protection of templates holds against, measured. */
export function registerLinkability(program: Command): void {
  program
    .command('linkability')
    .description(
      'measure how well templates of two stores are linked without their keys, and turned back: D-sys (ISO/IEC 30136), EER; and what one template a person costs: TAR',
    )
    .option('--data <file>', 'lines of `embed`, a folder a person, instead of random embeddings')
    .option('--people <n>', 'random people', wholeNumber({ from: 20 }), 400)
    .option(
      '--alike <cosine>',
      'mean cosine between pictures of a random person',
      decimal({ from: 0, to: 1 }),
      0.6,
    )
    .option('--seed <n>', 'of the random people and keys', wholeNumber({ from: 0 }), 1)
    .option('--json <file>', 'also write the figures there')
    .action(measure);
}

function measure({ data, people: count, alike, seed, json }: LinkabilityOptions): void {
  const rng = createRng(seed);
  const people = data ? readPeople(readListText(data)) : randomPeople(rng, count, { width: 512, alike });
  const keys = (bytes: number) => Uint8Array.from({ length: bytes }, () => rng.below(256));
  const attacks = attack(people, keys);
  const inverted = inversions(people, keys, PAIRS);
  const cost = costOfFusing(people, keys(keyStreamBytes(people[0]![0]!.length))) ?? [];
  const lines = [
    `${people.length} people, ${people[0]![0]!.length} values. D-sys: 0 not linkable, 1 fully; EER: 0.5 is chance.`,
    ...attacks.map(
      ({ name, linkability: { dSys, eer, linked } }) =>
        `  D-sys ${dSys.toFixed(3)}  EER ${eer.toFixed(3)}  linked at FMR 0.1 % ${(100 * linked).toFixed(1)} %  ${name}`,
    ),
    'Templates turned back without the key, from known pairs (mean cosine to the true embedding):',
    ...inverted.map(({ pairs, cosine }) => `  ${String(pairs).padStart(4)} pairs  ${cosine.toFixed(4)}`),
    cost.length > 0
      ? `Recognised by three enrolled pictures, TAR at FMR ${FMRS.map((rate) => `${rate * 100} %`).join(', ')}; EER:`
      : 'Too few people have more than three pictures to tell what one template a person costs.',
    ...cost.map(
      ({ name, tar, eer, mated, nonMated }) =>
        `  ${tar.map((one) => one.toFixed(4)).join(' ')}; ${eer.toFixed(4)}  ${name} (${mated} mated, ${nonMated} others)`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (json)
    writeFileSync(
      json,
      `${JSON.stringify({ people: people.length, attacks, inversions: inverted, cost }, null, 2)}\n`,
    );
}
