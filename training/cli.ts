import { Command } from 'commander';
import { registerAlign } from './data/cache.ts';
import { registerExport } from './export.ts';
import { registerTrain } from './train.ts';

const program = new Command('training').description('Trains, evaluates and exports the kiosk’s recogniser.');
for (const register of [registerAlign, registerTrain, registerExport]) register(program);
try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
