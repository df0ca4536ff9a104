import { errorMessage } from '@rounz/core/error-message.ts';
import { Command } from 'commander';
import { registerAccessories } from './commands/accessories.ts';
import { registerAlign } from './commands/align.ts';
import { registerAttacks } from './commands/attacks.ts';
import { registerBackend } from './commands/backend.ts';
import { registerBench } from './commands/bench.ts';
import { registerBenchAugment } from './commands/bench-augment.ts';
import { registerCalibrate } from './commands/calibrate.ts';
import { registerCompare } from './commands/compare.ts';
import { registerEmbed } from './commands/embed.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerExport } from './commands/export.ts';
import { registerLabel } from './commands/label.ts';
import { registerLinkability } from './commands/linkability.ts';
import { registerMorph } from './commands/morph.ts';
import { registerPassive } from './commands/passive.ts';
import { registerPredict } from './commands/predict.ts';
import { registerPreview } from './commands/preview.ts';
import { registerRefit } from './commands/refit.ts';
import { registerRegress } from './commands/regress.ts';
import { registerReport } from './commands/report.ts';
import { registerSpeed } from './commands/speed.ts';
import { registerSynth } from './commands/synth.ts';
import { registerTeach } from './commands/teach.ts';
import { registerTrain } from './commands/train.ts';
import { registerTransplant } from './commands/transplant.ts';
import { registerValidate } from './commands/validate.ts';
import { registerVerify } from './commands/verify.ts';

const COMMANDS = [
  registerSynth,
  registerAttacks,
  registerPassive,
  registerAlign,
  registerPreview,
  registerTeach,
  registerMorph,
  registerTransplant,
  registerTrain,
  registerBench,
  registerBenchAugment,
  registerBackend,
  registerExport,
  registerRefit,
  registerRegress,
  registerAccessories,
  registerLabel,
  registerCalibrate,
  registerValidate,
  registerEvaluate,
  registerSpeed,
  registerEmbed,
  registerPredict,
  registerVerify,
  registerLinkability,
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
  console.error(errorMessage(error));
  process.exitCode = 1;
}
// The WASM backend's threads and open workers would keep the process alive.
process.exit();
