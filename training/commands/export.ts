import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { exportModel, parseWeightType, WEIGHT_TYPES } from '../model/export.ts';
import { listModel } from '../model/list-model.ts';
import {
  PORTABLE_FORMATS,
  type PortableFormat,
  type PortableModel,
  portableFromFolder,
  portableFromRun,
  writePortable,
} from '../model/portable.ts';

interface ExportCommandOptions {
  readonly run?: string;
  readonly model?: string;
  readonly format: 'folder' | PortableFormat;
  readonly out: string;
  readonly name: string;
  readonly modelVersion: string;
  readonly dtype: string;
  readonly choose: boolean;
}

/** `export`: a run as a model folder, or a run or a model folder as a file that other programs read. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description(
      'write a checkpoint as a model folder: folded weights, manifest, golden embeddings; or a model as ONNX or safetensors',
    )
    .option('--run <dir>', 'folder of the run')
    .option('--model <dir>', 'with --format onnx or safetensors: an exported model folder instead of a run')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['folder', ...PORTABLE_FORMATS])
        .default('folder'),
    )
    .requiredOption('--out <path>', 'model folder, e.g. public/models/rounz-r50-0.2.0; or the file')
    .option('--name <name>', 'name of the model', 'rounz-r50')
    .option('--model-version <version>', 'its version', '0.1.0')
    .option('--dtype <type>', `of a model folder: ${WEIGHT_TYPES.join(', ')}`, 'float16')
    .option('--no-choose', 'leave models.json as it is')
    .action((options: ExportCommandOptions) =>
      options.format === 'folder' ? writeFolder(options) : writeFile(options, options.format),
    );
}

async function writeFolder({ run, model, out, name, modelVersion, dtype, choose }: ExportCommandOptions) {
  if (run === undefined || model !== undefined)
    throw new Error(
      'A model folder is written from a run: say --run DIR. --model goes with --format onnx|safetensors.',
    );
  const type = parseWeightType(dtype);
  // Golden embeddings come from a backend that the kiosk has, not from the trainer's own kernels.
  await chooseBackend('wasm');
  const manifest = await exportModel(join(run, 'checkpoint'), out, {
    name,
    version: modelVersion,
    dtype: type,
  });
  if (choose) listModel(out, name);
  const size = manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`Wrote ${out}: ${(size / 1e6).toFixed(1)} MB after ${manifest.training.imagesSeen} images.`);
}

function portableOf({ run, model, name, modelVersion }: ExportCommandOptions): PortableModel {
  if (model !== undefined && run === undefined) return portableFromFolder(model);
  if (run !== undefined && model === undefined)
    return portableFromRun(join(run, 'checkpoint'), name, modelVersion);
  throw new Error('Say what to write: one of --model DIR and --run DIR.');
}

function writeFile(options: ExportCommandOptions, format: PortableFormat): void {
  const size = writePortable(portableOf(options), format, options.out);
  console.log(`Wrote ${options.out}: ${(size / 1e6).toFixed(1)} MB of float32.`);
}
