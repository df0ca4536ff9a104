import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESSORIES } from '@rounz/core/model/accessories.ts';
import type { FaceModel } from '@rounz/core/model/embedder.ts';
import type { Command } from 'commander';
import { AUGMENT_PRESETS } from '../augment/config.ts';
import { createPrefetcher, type Prefetcher } from '../augment/pipeline/prefetch.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { type AlignedSet, openAlignedSets } from '../cache/aligned-set.ts';
import { openEmbedder } from '../model/model-folder.ts';
import { byCrops, embedSamples } from '../samples/embed-samples.ts';
import { startProgress } from '../util/progress.ts';

interface LabelOptions {
  model: string;
  cache: string;
  sets: string[];
  out: string;
}

/** `label`: what a model's accessory head sees on the photographs of a set, as a file that `train --accessories` takes. */
export function registerLabel(program: Command): void {
  program
    .command('label')
    .description(
      'write what a model’s accessory head sees on each photograph of sets without such labels, for `train --accessories`',
    )
    .requiredOption('--model <dir>', 'exported model folder with an accessory head')
    .requiredOption('--cache <dir>', 'aligned faces')
    .requiredOption('--sets <names...>', 'sets of that folder')
    .requiredOption('--out <dir>', 'where SET.tsv goes')
    .action(label);
}

async function label({ model, cache, sets, out }: LabelOptions): Promise<void> {
  await chooseBackend();
  const { manifest, embedder } = openEmbedder(model);
  if (!manifest.accessories)
    throw new Error(`The model in ${model} has no accessory head: fit one with \`accessories\`.`);
  const opened = openAlignedSets(cache, sets);
  const prefetcher = createPrefetcher({
    cacheDir: cache,
    sets,
    augment: AUGMENT_PRESETS.none,
    size: manifest.input.size,
  });
  mkdirSync(out, { recursive: true });
  try {
    for (const set of opened) {
      const { lines, covered } = await linesOf(set, embedder, prefetcher);
      writeFileSync(
        join(out, `${set.name}.tsv`),
        `${['image', ...ACCESSORIES].join('\t')}\n${lines.join('')}`,
      );
      console.log(`${set.name}: ${covered} of ${set.count} pictures show an accessory.`);
    }
  } finally {
    await prefetcher.close();
    embedder.dispose();
    for (const set of opened) set.close();
  }
}

async function linesOf(
  set: AlignedSet,
  embedder: FaceModel,
  prefetcher: Prefetcher,
): Promise<{ lines: string[]; covered: number }> {
  const progress = startProgress({ title: set.name, total: set.count, unit: 'faces' });
  const wornOn = byCrops(async (crops) => {
    const seen = await embedder.see(crops);
    progress.add(crops.length);
    return seen.map(({ worn }) => worn ?? []);
  });
  const faces = set.paths.map((_, index) => ({ set: set.name, index }));
  const all = await embedSamples(wornOn, prefetcher, faces, 'none');
  progress.stop();
  const lines = all.map((worn, i) => {
    const flags = ACCESSORIES.map((accessory) => Number(worn.includes(accessory)));
    return `${[set.paths[i]!.slice(set.name.length + 1), ...flags].join('\t')}\n`;
  });
  return { lines, covered: all.filter((worn) => worn.length > 0).length };
}
