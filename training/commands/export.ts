import { join } from 'node:path';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { exportModel, parseWeightType } from '../model/export.ts';
import { listModel } from '../model/list-model.ts';

/** `export`: a run as a model folder. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write a checkpoint as a model folder: folded weights, manifest, golden embeddings')
    .requiredOption('--run <dir>', 'folder of the run')
    .requiredOption('--out <dir>', 'model folder, e.g. public/models/rounz-r50-0.2.0')
    .option('--name <name>', 'name of the model', 'rounz-r50')
    .option('--model-version <version>', 'its version', '0.1.0')
    .option('--dtype <type>', 'float32, float16 or int8', 'float16')
    .option('--no-choose', 'leave models.json as it is')
    .action(
      async (options: {
        run: string;
        out: string;
        name: string;
        modelVersion: string;
        dtype: string;
        choose: boolean;
      }) => {
        const dtype = parseWeightType(options.dtype);
        // Golden embeddings come from a backend that the kiosk has, not from the trainer's own kernels.
        await chooseBackend('wasm');
        const manifest = await exportModel(join(options.run, 'checkpoint'), options.out, {
          name: options.name,
          version: options.modelVersion,
          dtype,
        });
        if (options.choose) listModel(options.out, options.name);
        const size = manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0);
        console.log(
          `Wrote ${options.out}: ${(size / 1e6).toFixed(1)} MB after ${manifest.training.imagesSeen} images.`,
        );
      },
    );
}
