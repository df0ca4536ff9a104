import { join } from 'node:path';
import type { Mirror } from '@rounz/core/model/manifest.ts';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { exportModel, parseMirror, parseWeightType, reexportModel, WEIGHT_TYPES } from '../model/export.ts';
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
  readonly name?: string;
  readonly modelVersion?: string;
  readonly dtype?: string;
  readonly mirror?: Mirror;
  readonly choose: boolean;
}

/** Of a run, which has no name of its own. */
const DEFAULTS = { name: 'rounz-r50', modelVersion: '0.1.0', dtype: 'float16' } as const;

/** `export`: a run or a model folder as a model folder, or as a file that other programs read. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description(
      'write a checkpoint as a model folder: folded weights, manifest, golden embeddings; or a model as ONNX or safetensors',
    )
    .option('--run <dir>', 'folder of the run')
    .option('--model <dir>', 'an exported model folder instead of a run')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['folder', ...PORTABLE_FORMATS])
        .default('folder'),
    )
    .requiredOption('--out <path>', 'model folder, e.g. public/models/rounz-r50-0.2.0; or the file')
    .option('--name <name>', `name of the model (default: ${DEFAULTS.name}, or the name of --model)`)
    .option(
      '--model-version <version>',
      `its version (default: ${DEFAULTS.modelVersion}, or that of --model)`,
    )
    .option(
      '--dtype <type>',
      `of a model folder: ${WEIGHT_TYPES.join(', ')} (default: ${DEFAULTS.dtype}, or that of --model)`,
    )
    .option(
      '--mirror [templates]',
      'of a model folder: embed each face, or those of templates, with its mirror image (default: as --model does)',
      parseMirror,
    )
    .option('--no-mirror', 'embed each face once (the default of a run)')
    .option('--no-choose', 'leave models.json as it is')
    .action((options: ExportCommandOptions) =>
      options.format === 'folder' ? writeFolder(options) : writeFile(options, options.format),
    );
}

async function writeFolder({ run, model, out, mirror, choose, ...options }: ExportCommandOptions) {
  const dtype = options.dtype === undefined ? undefined : parseWeightType(options.dtype);
  // Golden embeddings come from a backend that the kiosk has, not from the trainer's own kernels.
  await chooseBackend('wasm');
  const { name, modelVersion: version } = options;
  const given = { ...(name ? { name } : {}), ...(version ? { version } : {}), ...(dtype ? { dtype } : {}) };
  const manifest =
    model !== undefined && run === undefined
      ? await reexportModel(model, out, { ...given, mirror })
      : await exportModel(join(onlyRun(run, model), 'checkpoint'), out, {
          name: DEFAULTS.name,
          version: DEFAULTS.modelVersion,
          dtype: DEFAULTS.dtype,
          ...given,
          mirror,
        });
  if (choose) listModel(out, manifest.name);
  const size = manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`Wrote ${out}: ${(size / 1e6).toFixed(1)} MB after ${manifest.training.imagesSeen} images.`);
  if (model !== undefined) console.log(`It has no thresholds yet. Now make them: calibrate --model ${out}.`);
}

function onlyRun(run: string | undefined, model: string | undefined): string {
  if (run !== undefined && model === undefined) return run;
  throw new Error('Say what to write: one of --model DIR and --run DIR.');
}

function portableOf({ run, model, name, modelVersion }: ExportCommandOptions): PortableModel {
  if (model !== undefined && run === undefined) return portableFromFolder(model);
  return portableFromRun(
    join(onlyRun(run, model), 'checkpoint'),
    name ?? DEFAULTS.name,
    modelVersion ?? DEFAULTS.modelVersion,
  );
}

function writeFile(options: ExportCommandOptions, format: PortableFormat): void {
  const size = writePortable(portableOf(options), format, options.out);
  console.log(`Wrote ${options.out}: ${(size / 1e6).toFixed(1)} MB of float32.`);
}
