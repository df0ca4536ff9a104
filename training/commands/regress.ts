import type { Mirror } from '@rounz/core/model/manifest.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { isRenderedSet } from '../data/rendered.ts';
import { parseMirror, parseWeightType, WEIGHT_TYPES, withMirror, writeModel } from '../model/export.ts';
import { withLastLayer } from '../model/last-layer.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { REGRESS } from '../model/regress/config.ts';
import { lastLayerWithoutRenderer, regressLastLayer } from '../model/regress/regress.ts';
import { trainConfigSchema } from '../recipes/schema.ts';
import { cachedSets, openRunData } from '../samples/run-data.ts';
import { readConfig } from '../util/config-file.ts';

interface RegressOptions {
  model: string;
  cache: string;
  teacher: string[];
  secondTeacher: string[];
  thirdTeacher: string[];
  accessories: string[];
  out: string;
  dtype: string;
  config?: string;
  keep?: boolean;
  mirror?: Mirror;
  name?: string;
  modelVersion?: string;
}

/** `regress`: the last layer by least squares on the teachers' targets. */
export function registerRegress(program: Command): void {
  program
    .command('regress')
    .description(
      'compute a model’s last layer anew, by least squares on its teachers’ embeddings of bare faces',
    )
    .requiredOption('--model <dir>', 'exported model folder of a recipe with a consistent teacher')
    .requiredOption('--cache <dir>', 'aligned faces of the model’s own recipe')
    .requiredOption('--teacher <dirs...>', 'MobileFaceNet’s embeddings of that cache')
    .option('--second-teacher <dirs...>', 'the second teacher’s', [])
    .option('--third-teacher <dirs...>', 'the third teacher’s', [])
    .option('--accessories <set=file.tsv...>', 'which pictures of a set are covered', [])
    .requiredOption('--out <dir>', 'model folder to write')
    .option('--name <name>', 'of the result (default: the model’s own)')
    .option('--model-version <version>', 'of the result (default: the model’s own)')
    .option('--dtype <type>', `number format of the result: ${WEIGHT_TYPES.join(', ')}`, 'float32')
    .option(
      '--config <file.json>',
      'values that replace those of the model’s own recipe: other shares of the teachers, other sets',
    )
    .option('--keep', 'keep the trained layer and take only the renderer out of its features')
    .option(
      '--mirror [templates]',
      'let the model embed each face, or those of templates, with its mirror image (default: as it does)',
      parseMirror,
    )
    .option('--no-mirror', 'let it embed each face once')
    .action(regress);
}

async function regress(options: RegressOptions): Promise<void> {
  const { manifest, weights } = readModelFolder(options.model);
  const dtype = parseWeightType(options.dtype);
  const own = trainConfigSchema.parse(manifest.training.recipe);
  const config = readConfig(trainConfigSchema, own, options.config);
  await chooseBackend(undefined, { activations: 'float32' });
  const { teacher, secondTeacher, thirdTeacher, accessories, cache } = options;
  const data = await openRunData(config, {
    cache,
    teacher,
    secondTeacher,
    thirdTeacher,
    accessories,
    jobs: 1,
  });
  for (const set of data.sets) set.close();
  const stored = unpackWeights(manifest.tensors, weights);
  const compute = options.keep ? lastLayerWithoutRenderer : regressLastLayer;
  const layer = await compute(manifest, stored, cache, data);
  await chooseBackend('wasm');
  const { name, version, architecture, input, training } = manifest;
  const rendered = cachedSets(cache).filter(isRenderedSet);
  const sets = [...new Set([...data.config.data.sets, ...rendered])];
  const about = {
    name: options.name ?? name,
    version: options.modelVersion ?? version,
    architecture,
    input: withMirror(input, options.mirror),
    training: {
      ...training,
      data: sets,
      recipe: { ...data.config, data: { ...data.config.data, sets } },
      refit: options.keep ? { renderer: 'taken out' } : { regress: REGRESS },
    },
  };
  await writeModel(options.out, withLastLayer(stored, layer), about, dtype);
  console.log(`Wrote ${options.out}. Now make its thresholds: calibrate --model ${options.out}.`);
}
