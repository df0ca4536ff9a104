import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkFile } from './catalogue.ts';

/** Prints what is wrong with a catalogue, a line each, and what could be better. Ends with 1 where it cannot be used. */
const [file = ''] = process.argv.slice(2);

function read(): { readonly text: string; readonly beside: readonly string[] } | null {
  try {
    return { text: readFileSync(file, 'utf8'), beside: readdirSync(dirname(file)) };
  } catch (error) {
    process.stderr.write(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Check its path and its rights.\n`,
    );
    return null;
  }
}

const found = read();
if (found) {
  const { faults, advice, frames } = checkFile(found.text, found.beside);
  for (const line of faults) process.stderr.write(`${file}:${line}\n`);
  for (const line of advice) process.stdout.write(`${file}:${line}\n`);
  if (faults.length > 0)
    process.stderr.write(
      `${faults.length} faults: the kiosk would show no frames. Mend them and check again.\n`,
    );
  else process.stdout.write(`${frames} frames: the kiosk can use this catalogue.\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
} else process.exitCode = 1;
