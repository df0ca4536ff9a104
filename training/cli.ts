import { Command } from 'commander';
import { registerAccessories } from './accessories/command.ts';
import { registerPreview } from './augment/preview.ts';
import { registerBench } from './backend/bench.ts';
import { registerBackend } from './backend/install.ts';
import { registerCalibrate } from './calibrate.ts';
import { registerAlign } from './data/cache.ts';
import { registerEmbed } from './embed.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerExport } from './export.ts';
import { registerMorph } from './morph/morph.ts';
import { registerPredict } from './predict.ts';
import { registerRefit } from './refit/refit.ts';
import { registerSpeed } from './speed/speed.ts';
import { registerSynth } from './synth/cli.ts';
import { registerTeach } from './teacher/teach.ts';
import { registerTrain } from './train.ts';
import { registerValidate } from './validate-model.ts';
import { registerVerify } from './verify.ts';
import { registerCompare } from './watch/compare.ts';
import { registerReport } from './watch/report.ts';

const COMMANDS = [
  registerSynth,
  registerAlign,
  registerPreview,
  registerTeach,
  registerMorph,
  registerTrain,
  registerBench,
  registerBackend,
  registerExport,
  registerRefit,
  registerAccessories,
  registerCalibrate,
  registerValidate,
  registerEvaluate,
  registerSpeed,
  registerEmbed,
  registerPredict,
  registerVerify,
  registerReport,
  registerCompare,
];

// `npm run -w training` starts us in this folder; paths are meant from where npm was called.
if (process.env['INIT_CWD']) process.chdir(process.env['INIT_CWD']);

const program = new Command('training').description('Trains, evaluates and exports the kiosk’s recogniser.');
for (const register of COMMANDS) register(program);
try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// The WASM backend's threads and open workers would keep the process alive.
process.exit();
