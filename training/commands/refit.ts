import { EMBEDDING_LAYER } from '@rounz/core/model/architecture.ts';
import type { Mirror } from '@rounz/core/model/manifest.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { parseMirror, parseWeightType, WEIGHT_TYPES, withMirror, writeModel } from '../model/export.ts';
import { packLastLayer, withLastLayer, withTrainedLastLayer } from '../model/last-layer.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { REFIT } from '../model/refit/config.ts';
import { fitLayer, measure } from '../model/refit/refit.ts';

interface RefitOptions {
  model: string;
  cache: string;
  out?: string;
  dtype?: string;
  mirror?: Mirror;
}

/** `refit`: the last layer computed from the features of the training people. */
export function registerRefit(program: Command): void {
  program
    .command('refit')
    .description('compute a model’s last layer anew, to tell its training people apart whatever they wear')
    .requiredOption('--model <dir>', 'exported model folder; its thresholds must be made anew afterwards')
    .requiredOption('--cache <dir>', 'aligned faces of the model’s own recipe')
    .option('--out <dir>', 'write another folder instead of replacing the model')
    .option(
      '--dtype <type>',
      `number format of the result: ${WEIGHT_TYPES.join(', ')} (default: the model’s own)`,
    )
    .option(
      '--mirror [templates]',
      'let the model embed each face, or those of templates, with its mirror image (default: as it does)',
      parseMirror,
    )
    .option('--no-mirror', 'let it embed each face once')
    .action(async (options: RefitOptions) => {
      const { manifest, weights } = readModelFolder(options.model);
      const dtype = options.dtype ? parseWeightType(options.dtype) : manifest.tensors[0]!.dtype;
      await chooseBackend();
      const stored = unpackWeights(manifest.tensors, weights);
      const trained = withTrainedLastLayer(options.model, manifest, stored);
      const scatters = await measure(options.cache, manifest, trained);
      console.log(`${scatters.vectors} views of ${scatters.people} people; solving for the directions.`);
      const layer = fitLayer(scatters, trained.get(`${EMBEDDING_LAYER}.kernel`)!);
      const { entry, files } = packLastLayer(trained, dtype);
      const about = {
        ...manifest,
        input: withMirror(manifest.input, options.mirror),
        training: { ...manifest.training, lastLayer: entry, refit: REFIT },
      };
      await chooseBackend('wasm');
      const { name, version, architecture, input, training } = about;
      const out = options.out ?? options.model;
      await writeModel(
        out,
        withLastLayer(stored, layer),
        { name, version, architecture, input, training },
        dtype,
        files,
      );
      console.log(`Wrote ${out}. Now make its thresholds: calibrate --model ${out}.`);
    });
}
