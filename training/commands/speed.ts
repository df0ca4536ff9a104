import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { decodeImage } from '../data/decode.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { embedderContestants, pipelineContestants } from '../speed/contestants.ts';
import { race, type Timing } from '../speed/race.ts';
import { wholeNumber } from '../util/options.ts';

/** A rendered face; nobody is real. */
const PICTURE = join(import.meta.dirname, '../../test/fixtures/people/kim-yeonghee/glasses.png');

/** `speed`: our recogniser beside its peers, in one run. */
export function registerSpeed(program: Command): void {
  program
    .command('speed')
    .description(
      'time a face through our whole pipeline, human’s and face-api’s, and the embedder alone on tfjs and onnxruntime-web; WASM, one thread, in turns',
    )
    .requiredOption('--model <dir>', 'exported model folder')
    .option('--rounds <n>', 'turns of each', wholeNumber({ from: 1 }), 20)
    .option('--json <file>', 'write the figures there')
    .action(speed);
}

async function speed({
  model,
  rounds,
  json,
}: {
  model: string;
  rounds: number;
  json?: string;
}): Promise<void> {
  const picture = await decodeImage(readFileSync(PICTURE));
  const pipelines = await race(await pipelineContestants(model, picture), rounds);
  const embedders = await race(await embedderContestants(readModelFolder(model)), rounds);
  print('a face found and embedded, one picture', pipelines);
  print('the embedder alone, one crop, the same weights', embedders);
  if (json) writeFileSync(json, `${JSON.stringify({ rounds, pipelines, embedders }, null, 2)}\n`);
}

function print(title: string, timings: readonly Timing[]): void {
  console.log(`${title}:`);
  for (const { name, median, best, first, ratio } of timings)
    console.log(
      `  ${name}: median ${median.toFixed(1)} ms, best ${best.toFixed(1)}, first ${first.toFixed(0)}; ${ratio.toFixed(2)} times ours`,
    );
}
