import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** The one place that reads the system's clocks; everything else is handed a `Clock`. */
const CLOCK = 'core/time/clock.ts';
const BARE = /\b(Date\.now|performance\.now|setTimeout|setInterval)\(|new Date\(\)/;

it(`clocks are read in ${CLOCK} alone`, () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !/(\.test\.|\/test-)/.test(file));
  const bare = files.filter((file) => BARE.test(readFileSync(join(src, file), 'utf8')));
  expect(bare).toEqual([CLOCK]);
});
