import { join } from 'node:path';
import type { Command } from 'commander';
import { WEAR, WEAR_NAMES, type WearName } from '../synth/accessory/accessory.ts';
import { checkPeople, describeCheck } from '../synth/output/check.ts';
import { type ClipScene, writeClip } from '../synth/output/clip.ts';
import { writeCrowd } from '../synth/output/crowd.ts';
import { writeDemo } from '../synth/output/demo.ts';
import { writeFixtures } from '../synth/output/fixtures.ts';
import { wholeNumber } from '../util/options.ts';
import { type Progress, startProgress } from '../util/progress.ts';
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
    .option('--people <n>', 'how many', wholeNumber({ from: 1 }), 200)
    .option('--first <seed>', 'seed of the first', wholeNumber({ from: 0 }), 100_000)
    .action(async ({ out, people, first }: { out: string; people: number; first: number }) => {
      await writeCrowd({ people, first, folder: out }, report('people'));
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

/**
 * @param text person[:wear[:seconds[:motion]]], or empty:seconds
 * @throws RangeError for a wear, a motion or a time that does not exist
 */
export function parseScene(text: string): ClipScene {
  const [person = '', wear = 'bare', seconds = '6', motion = 'walk'] = text.split(':');
  if (person === 'empty') return { person: null, seconds: secondsOf(wear === 'bare' ? '2' : wear, text) };
  if (!(wear in WEAR)) throw new RangeError(`Nobody wears "${wear}". Known: ${WEAR_NAMES.join(', ')}.`);
  if (motion !== 'walk' && motion !== 'stand' && motion !== 'still')
    throw new RangeError(`"${motion}" is no motion. Known: walk, stand, still.`);
  return { person, wear: wear as WearName, seconds: secondsOf(seconds, text), motion };
}

/** An hour, seconds: a longer clip fills the disk. */
const LONGEST_SCENE = 3600;

function secondsOf(text: string, scene: string): number {
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (!(seconds > 0 && seconds <= LONGEST_SCENE))
    throw new RangeError(
      `"${scene}": "${text}" is no time. A scene takes more than 0, at most ${LONGEST_SCENE} seconds.`,
    );
  return seconds;
}

/** A bar that begins with the first piece. */
function report(unit: string): (done: number, total: number) => void {
  let bar: Progress | undefined;
  return (done, total) => {
    bar ??= startProgress({ title: 'synth', total, unit });
    bar.update(done);
    if (done === total) bar.stop();
  };
}
