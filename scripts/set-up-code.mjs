/** `npm run setup:code [FOLDER]`: makes a new set-up code, prints it once, and writes its hash to FOLDER/setup.json. */
import { join } from 'node:path';
import { writeSetUpCode } from './lib/set-up-code.mjs';

const folder = process.argv[2] ?? join(import.meta.dirname, '../public');
const code = await writeSetUpCode(folder);
process.stdout.write(
  [
    `Set-up code: ${code}`,
    'Write it down now: it is shown once, and stored nowhere. Whoever has it may choose the first staff PIN.',
    `Its hash is in ${join(folder, 'setup.json')}. Build again, or copy that file beside index.html.`,
    '',
  ].join('\n'),
);
