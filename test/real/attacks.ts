/**
 * Real portraits on drawn sheets and devices through the built kiosk in a real Chromium, by its fake camera: somebody is enrolled
 * from a portrait, without a PIN; then the same portrait is held up, greeted or not, and turned by hand while "Forget me" asks
 * for a turn of the head. Frames and the kiosk's disk exist only in temporary folders, which are removed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { preview } from 'vite';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { MEDIA, type MediumKind } from '../../training/attacks/media.ts';
import type { HandMove, Prompt } from '../../training/attacks/motion.ts';
import { readPortraits } from '../../training/attacks/portraits.ts';
import { sceneOf } from '../../training/attacks/scene.ts';
import { enrol, expectPhase, KioskMachine, kioskRoot } from '../helpers/kiosk.ts';
import { unpackLondon } from './london.ts';

/** Chromium plays thirty frames a second; each composed one is shown three times. */
const CLIP = { seconds: 16, composed: 10, times: 3 } as const;
/** What the hand does all the while: the clip cannot read the screen. */
const MOVES: Readonly<Record<MediumKind, HandMove>> = {
  print: 'turn-over',
  'cut-print': 'turn',
  'bent-print': 'turn-bent',
  phone: 'turn-over',
  tablet: 'tilt',
};
const WAYS: readonly Prompt['way'][] = ['left', 'ahead', 'right', 'ahead', 'up', 'ahead', 'down', 'ahead'];
const PROMPTS: readonly Prompt[] = WAYS.map((way, i) => ({ at: 4 + 1.5 * i, way }));

type Outcome =
  | 'not greeted'
  /** the face was away before the challenge could begin: the kiosk closed the page */
  | 'greeted, page closed'
  | 'greeted, nothing erased'
  | 'ERASED';

const say = (line: string) => process.stdout.write(`${line}\n`);

const QUALITY = 92;

function canvasOf({ data, width, height }: RgbaImage): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(width, height);
  pixels.data.set(data);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** The portrait on that medium in a hand that walks up, and then turns it all ways in turn. */
async function attackClip(medium: MediumKind, portrait: RgbaImage, seed: number): Promise<Buffer[]> {
  const one = { id: 'real', half: 'test', group: 'still', medium, move: MOVES[medium], seed } as const;
  const scene = sceneOf(one, [portrait]);
  const jpegs: Buffer[] = [];
  for (let i = 0; i < CLIP.seconds * CLIP.composed; i++) {
    const time = i / CLIP.composed;
    const frame = await scene(
      time,
      PROMPTS.filter(({ at }) => at <= time),
    );
    const jpeg = canvasOf(frame).toBuffer('image/jpeg', QUALITY);
    for (let k = 0; k < CLIP.times; k++) jpegs.push(jpeg);
  }
  return jpegs;
}

/** The portrait fills the frame, with a little sway, as somebody who stands there. */
function enrolmentClip(portrait: RgbaImage): Buffer[] {
  const picture = canvasOf(portrait);
  const canvas = createCanvas(640, 480);
  const context = canvas.getContext('2d');
  return Array.from({ length: 72 }, (_, i) => {
    const swing = Math.sin((2 * Math.PI * i) / 72);
    context.fillStyle = '#ccd0d2';
    context.fillRect(0, 0, 640, 480);
    context.drawImage(picture, 80 + 4 * swing, 2 * swing, 480, 480);
    return canvas.toBuffer('image/jpeg', QUALITY);
  });
}

async function attack(machine: KioskMachine, jpegs: readonly Buffer[]): Promise<Outcome> {
  const { page } = await machine.open({ camera: { kind: 'frames', jpegs } });
  const greeted = await expectPhase(page, 'page').then(
    () => true,
    () => false,
  );
  const phase = await kioskRoot(page).getAttribute('data-phase');
  if (phase === 'starting' || phase === 'out-of-order')
    throw new Error(`The kiosk did not start (${phase}), so nothing was attacked.`);
  if (!greeted) return 'not greeted';
  for (const step of [TEST_IDS.forget, TEST_IDS.forgetConfirm, TEST_IDS.confirmTurn]) {
    const there = await page
      .getByTestId(step)
      .tap()
      .then(
        () => true,
        () => false,
      );
    if (!there) return 'greeted, page closed';
  }
  const left = `[data-testid="${TEST_IDS.kiosk}"]:not([data-phase="confirm"])`;
  const over = page.locator(
    `[data-testid="${TEST_IDS.confirmProblem}"]:not([data-status="checking"]), ${left}`,
  );
  await over.first().waitFor({ timeout: 120_000 });
  const erased = (await kioskRoot(page).getAttribute('data-reason')) === 'forgotten';
  return erased ? 'ERASED' : 'greeted, nothing erased';
}

/** @returns what became of each attack on this person; null where they could not be enrolled */
async function attackPerson(machine: KioskMachine, portrait: RgbaImage, seed: number) {
  try {
    const { page } = await machine.open({
      camera: { kind: 'frames', jpegs: enrolmentClip(portrait) },
      path: '#/staff/enrol',
    });
    const enrolled = await enrol(page, 'Portrait').then(
      () => true,
      () => false,
    );
    if (!enrolled) return null;
    const outcomes = new Map<MediumKind, Outcome>();
    for (const medium of MEDIA) {
      const outcome = await attack(machine, await attackClip(medium, portrait, seed));
      outcomes.set(medium, outcome);
      say(`  ${medium}, ${MOVES[medium]}: ${outcome}`);
      if (outcome === 'ERASED') break;
    }
    return outcomes;
  } finally {
    await machine.dispose();
  }
}

async function portraitsOf(data: string, folder: string): Promise<RgbaImage[]> {
  if (!data.endsWith('.tar')) return readPortraits(data);
  await unpackLondon(data, folder);
  return readPortraits(folder);
}

const { values, positionals } = parseArgs({
  options: { people: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
const cleanUp = () => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    cleanUp();
    process.exit(1);
  });
const server = await preview({ logLevel: 'warn', preview: { port: 4191 } });
try {
  const portraits = await portraitsOf(positionals[0]!, join(folder, 'pictures'));
  const tally = new Map<Outcome, number>();
  for (const [i, portrait] of portraits.slice(0, Number(values.people)).entries()) {
    say(`portrait ${i + 1}`);
    const disk = join(folder, `kiosk-${i}`);
    mkdirSync(disk);
    const outcomes = await attackPerson(
      new KioskMachine(server.resolvedUrls!.local[0]!, disk),
      portrait,
      990_000 + i,
    );
    if (!outcomes) say('  was not enrolled, so not attacked');
    for (const outcome of outcomes?.values() ?? []) tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  }
  for (const [outcome, times] of tally) say(`${times} ${outcome}`);
  process.exitCode = tally.has('ERASED') || tally.size === 0 ? 1 : 0;
} finally {
  await server.close();
  cleanUp();
}
