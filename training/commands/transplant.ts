import { planNetwork } from '@rounz/core/model/architecture.ts';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { writeModel } from '../model/export.ts';
import { MODEL_INPUTS } from '../samples/images.ts';
import { cachedSets } from '../samples/run-data.ts';
import { fromMobileFaceNet } from '../transplant/from-mobilefacenet.ts';
import { fromSFace } from '../transplant/from-sface.ts';
import { networkSize } from '../util/network-size.ts';

const KINDS = ['resnet50', 'light', 'mobilenet', 'resnet50-sface'] as const;

interface TransplantCommandOptions {
  kind: (typeof KINDS)[number];
  cache: string;
  donor?: string;
  out: string;
}

/** `transplant`: a start for fine-tuning that knows what a finished network knows. */
export function registerTransplant(program: Command): void {
  program
    .command('transplant')
    .description(
      'make a model out of MobileFaceNet’s or SFace’s weights, to be tuned by `train --recipe fine-tune... --init`',
    )
    .addOption(
      new Option('--kind <name>', 'the network to make; the last two come from SFace')
        .choices(KINDS)
        .default('resnet50'),
    )
    .requiredOption('--cache <dir>', 'aligned faces, some of which show what its maps look like')
    .option('--donor <dir>', 'a tuned light model in the place of MobileFaceNet’s own weights')
    .requiredOption('--out <dir>', 'model folder to write')
    .action(makeTransplant);
}

async function makeTransplant({ kind, cache, donor, out }: TransplantCommandOptions): Promise<void> {
  if (donor && (kind === 'mobilenet' || kind === 'resnet50-sface'))
    throw new Error(`--donor: ${kind} comes from SFace; no other donor is known.`);
  await chooseBackend(undefined, { activations: 'float32' });
  const { architecture, weights, recipe, name, origin } =
    kind === 'mobilenet' || kind === 'resnet50-sface'
      ? await fromSFace(kind, cache)
      : await fromMobileFaceNet(kind, cache, donor);
  const measured = kind === 'light' ? [] : cachedSets(cache);
  await chooseBackend('wasm');
  const about = {
    name,
    version: '0.0.0',
    architecture,
    input: MODEL_INPUTS[recipe.input],
    training: {
      data: measured,
      recipe: { ...recipe, architecture },
      imagesSeen: 0,
      backend: 'none: transplanted',
      origin,
      date: new Date().toISOString().slice(0, 10),
    },
  };
  await writeModel(out, weights, about, 'float32');
  const { weights: count, multiplyAdds } = networkSize(planNetwork(architecture), about.input.size);
  console.log(
    `${(count / 1e6).toFixed(1)} M weights, ${(multiplyAdds / 1e9).toFixed(2)} G multiply-adds a face.`,
  );
  console.log(`Wrote ${out}. Now tune it: train --recipe ${recipe.name} --init ${out}.`);
}
