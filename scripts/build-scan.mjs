/** `node scripts/build-scan.mjs`: compiles src/core/match/scan/scan.wat into scan-bytes.ts. A test holds the two together. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';

const folder = join(import.meta.dirname, '../src/core/match/scan');

/** @returns {Promise<string>} the module in base64 */
export async function compileScan() {
  const { parseWat } = await wabt();
  const module = parseWat('scan.wat', readFileSync(join(folder, 'scan.wat'), 'utf8'), { simd: true });
  module.validate();
  return Buffer.from(module.toBinary({}).buffer).toString('base64');
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(
    join(folder, 'scan-bytes.ts'),
    `/** scan.wat, compiled by scripts/build-scan.mjs; base64. */\nexport const SCAN_BYTES =\n  '${await compileScan()}';\n`,
  );
