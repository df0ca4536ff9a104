/** `npm run bench`: measures each subject and says whether its limits were kept. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '@rounz/core/error-message.ts';
import { faces } from './faces.ts';
import { type Figure, kept, type Subject } from './figure.ts';
import { gallery } from './gallery.ts';
import { kiosk } from './kiosk.ts';
import { log } from './log.ts';
import { needs } from './needs.ts';
import { starts } from './starts.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    models: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
/** A path as whoever typed it means it. */
const fromCaller = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
const say = (line: string) => process.stdout.write(`${line}\n`);

const SUBJECTS: readonly Subject[] = [
  kiosk({ quick: values.quick }),
  starts({ quick: values.quick }),
  gallery({ quick: values.quick }),
  log({ quick: values.quick }),
  needs({ quick: values.quick }),
  faces({ quick: values.quick, ...(values.models ? { models: fromCaller(values.models) } : {}) }),
];

const line = (figure: Figure): string => {
  const { name, unit, median, worst, worked, times, limit } = figure;
  const work = worked === null ? '' : `, on its cores ${worked.toFixed(1)}`;
  const verdict =
    limit === null ? '' : kept(figure) ? `  kept: ${limit} ${unit}` : `  MISSED: ${limit} ${unit}`;
  if (unit === 'x') return `  ${name.padEnd(52)} ${median.toFixed(2).padStart(9)} x ${verdict}`;
  return `  ${name.padEnd(52)} ${median.toFixed(1).padStart(9)} ms  worst ${worst.toFixed(1)} of ${times}${work}${verdict}`;
};

// Printed beside the figures: they hold for this processor, and other work slows it down.
const machine = () => ({
  processor: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
  load: loadavg()[0],
});
interface Result {
  readonly subject: string;
  readonly figures: readonly Figure[];
  /** why it was not measured */
  readonly failed?: string;
}
const results: Result[] = [];
const before = machine();

/** After each subject, so that a run that is cut off leaves what it found. */
function keep(): void {
  if (!values.json) return;
  const found = { at: new Date().toISOString(), machine: { before, after: machine() }, results };
  writeFileSync(fromCaller(values.json), `${JSON.stringify(found, null, 2)}\n`);
}

/** A subject that fails leaves the others to be measured. */
async function measure({ name, run }: Subject): Promise<Result> {
  say(name);
  try {
    const figures = await run((text) => say(`  ... ${text}`));
    for (const one of figures) say(line(one));
    return { subject: name, figures };
  } catch (error) {
    const failed = errorMessage(error);
    say(`  not measured: ${failed}`);
    return { subject: name, figures: [], failed };
  }
}

const wanted = values.only?.split(',');
const unknown = wanted?.find((name) => !SUBJECTS.some((subject) => subject.name === name));
if (unknown !== undefined)
  throw new Error(
    `--only knows no ${unknown}: give one or more of ${SUBJECTS.map(({ name }) => name).join(',')}.`,
  );
for (const subject of SUBJECTS.filter(({ name }) => !wanted || wanted.includes(name))) {
  results.push(await measure(subject));
  keep();
}
const after = machine();
say(
  `${after.processor}, ${after.cores} cores; load of the machine ${before.load?.toFixed(1)} before, ${after.load?.toFixed(1)} after`,
);
if (values.json) say(`figures: ${fromCaller(values.json)}`);
process.exitCode = results.every(({ figures, failed }) => failed === undefined && figures.every(kept))
  ? 0
  : 1;
