import { join } from 'node:path';
import type { Command } from 'commander';
import { WEAR, WEAR_NAMES, type WearName } from '../synth/accessory/accessory.ts';
import { checkPeople, describeCheck } from '../synth/output/check.ts';
import { type ClipScene, writeClip } from '../synth/output/clip.ts';
import { writeCrowd } from '../synth/output/crowd.ts';
import { writeDemo } from '../synth/output/demo.ts';
import { writeFixtures } from '../synth/output/fixtures.ts';
import { registerTwin } from './synth-twin.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Registers `synth` and its subcommands: the pictures of rendered people that tests and demonstration use. */
export function registerSynth(program: Command): void {
  const synth = program
    .command('synth')
    .description('draw rendered people: a twin of K-FACE, fixtures, demonstration, camera clips');
  registerTwin(synth);
  synth
    .command('fixtures')
    .description('write the pictures that the tests use')
    .option('--out <folder>', 'where to', join(ROOT, 'test/fixtures'))
    .action(async ({ out }: { out: string }) => {
      await writeFixtures(out, report('fixtures'));
    });
  synth
    .command('demo')
    .description('write the cut-outs that the kiosk plays with ?camera=demo')
    .option('--out <folder>', 'where to', join(ROOT, 'public/demo'))
    .action(async ({ out }: { out: string }) => {
      await writeDemo(out, report('sheets'));
    });
  synth
    .command('crowd')
    .description('write a folder of pictures for each of many drawn people, to align and to train on')
    .requiredOption('--out <folder>', 'where to')
    .option('--people <n>', 'how many', '200')
    .option('--first <seed>', 'seed of the first', '100000')
    .action(async ({ out, people, first }: { out: string; people: string; first: string }) => {
      const options = { people: Number(people), first: Number(first), folder: out };
      if (!Number.isInteger(options.people) || options.people < 1)
        throw new RangeError(`--people takes a whole number from 1, not ${people}.`);
      await writeCrowd(options, report('people'));
    });
  synth
    .command('check')
    .description('measure whether a recogniser tells the fixture people apart, bare and covered')
    .action(async () => {
      console.log(describeCheck(await checkPeople()));
    });
  synth
    .command('clip')
    .description('write a clip for a fake camera')
    .argument('<file>', 'ends in .mjpeg or .y4m')
    .argument('<scene...>', 'person[:wear[:seconds[:walk|stand|still]]], or empty:seconds')
    .action(async (file: string, scenes: string[]) => {
      const frames = await writeClip(file, scenes.map(parseScene));
      console.log(`${file}: ${frames} frames`);
    });
}

/** Throws a RangeError for a wear or a motion that does not exist. */
export function parseScene(text: string): ClipScene {
  const [person = '', wear = 'bare', seconds = '6', motion = 'walk'] = text.split(':');
  if (person === 'empty') return { person: null, seconds: Number(wear === 'bare' ? 2 : wear) };
  if (!(wear in WEAR)) throw new RangeError(`Nobody wears "${wear}". Known: ${WEAR_NAMES.join(', ')}.`);
  if (motion !== 'walk' && motion !== 'stand' && motion !== 'still')
    throw new RangeError(`"${motion}" is no motion. Known: walk, stand, still.`);
  return { person, wear: wear as WearName, seconds: Number(seconds), motion };
}

function report(what: string) {
  return (done: number, total: number): void => {
    process.stderr.write(`\r${what} ${done}/${total}${done === total ? '\n' : ''}`);
  };
}
