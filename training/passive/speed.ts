import { VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import { passiveViews } from '@rounz/core/liveness/passive/views.ts';
import { quantileOf } from '../attacks/quantile.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { composeShot } from './compose.ts';
import { readPassiveModel } from './export.ts';
import { shotAt } from './set.ts';

/** Medians, milliseconds of processor time: what other programs take does not count. */
export interface PassiveSpeed {
  /** both cut-outs and the network */
  readonly look: number;
  /** the detector's search, and its following of a face found before */
  readonly search: number;
  readonly follow: number;
}

const REPEATS = 40;

async function spent(work: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Times a look of the passive check beside the detector on WASM, in turns, on a composed visit. */
export async function timePassive(folder: string): Promise<PassiveSpeed> {
  await useWasmBackend();
  const model = readPassiveModel(folder);
  const detector = await loadNodeDetector(VIDEO_DETECTOR);
  const { frame } = await composeShot(shotAt('test', 0));
  const previous = await detector.detect(frame);
  const points = previous[0]?.points;
  if (!points) throw new Error('The detector found nobody in the composed visit, so nothing can be timed.');
  const times: Record<keyof PassiveSpeed, number[]> = { look: [], search: [], follow: [] };
  // The first round compiles.
  for (let round = -3; round < REPEATS; round++) {
    const found = {
      look: await spent(() => model.score(passiveViews(frame, points))),
      search: await spent(() => detector.detect(frame)),
      follow: await spent(() => detector.detect(frame, { previous })),
    };
    if (round >= 0) for (const name of ['look', 'search', 'follow'] as const) times[name].push(found[name]);
  }
  model.dispose();
  detector.dispose();
  const median = (name: keyof PassiveSpeed) => quantileOf(times[name], 0.5);
  return { look: median('look'), search: median('search'), follow: median('follow') };
}
