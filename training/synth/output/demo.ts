import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { WearName } from '../accessory/accessory.ts';
import { identityOf, PEOPLE } from '../person/people.ts';
import { eyesOf } from '../render/render.ts';
import { CUTOUT, cutout, type FrameName } from './frames.ts';
import type { Side } from './motion.ts';
import { drawShop } from './shop.ts';

/** What the demonstration's people wear and which moments of each are drawn. */
const DEMO_LOOKS: Readonly<Partial<Record<WearName, readonly FrameName[]>>> = {
  bare: ['rest', 'blink', 'smile', 'left', 'right'],
  glasses: ['rest', 'blink', 'smile', 'left', 'right'],
  sunglasses: ['rest', 'smile', 'left', 'right'],
  cap: ['rest', 'blink', 'left', 'right'],
  mask: ['rest', 'blink', 'left', 'right'],
};

/** WebP quality, 0..100: 30 sheets stay well below 5 MB. */
const QUALITY = 88;

/** The empty shop; pixels. */
const SHOP = { file: 'shop.webp', width: 640, height: 480, seed: 3 } as const;

interface DemoScene {
  readonly person: string | null;
  readonly look: WearName;
  readonly seconds: { readonly enter: number; readonly stay: number; readonly leave: number };
  readonly from: Side;
  readonly to: Side;
}

const pause = (stay: number): DemoScene => ({
  person: null,
  look: 'bare',
  seconds: { enter: 0, stay, leave: 0 },
  from: 'far',
  to: 'far',
});
const visit = (person: string, look: WearName, from: Side, to: Side, stay = 7): DemoScene => ({
  person,
  look,
  seconds: { enter: 1.4, stay, leave: 1.2 },
  from,
  to,
});

/** Who comes when: an enrolled customer in glasses first, so that the main job is seen within seconds. */
const SCRIPT: readonly DemoScene[] = [
  pause(1.5),
  visit('seo-jiwoo', 'glasses', 'far', 'right'),
  pause(3),
  visit('park-minjun', 'sunglasses', 'left', 'right'),
  pause(3),
  visit('lee-dohyun', 'bare', 'right', 'left'),
  pause(3),
  visit('kim-yeonghee', 'cap', 'left', 'far'),
  pause(3),
  visit('jung-taesik', 'mask', 'right', 'left', 8),
  pause(3),
  visit('choi-sooah', 'glasses', 'far', 'left'),
  pause(3),
  visit('park-minjun', 'cap', 'right', 'far'),
  pause(3),
  visit('kim-yeonghee', 'sunglasses', 'left', 'right'),
  pause(3),
  visit('seo-jiwoo', 'mask', 'far', 'left', 8),
  pause(3),
];

/** Writes the sheets and `people.json` that the kiosk's demonstration plays. */
export async function writeDemo(
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const cast = PEOPLE.filter((person) => person.demo !== undefined);
  const looks = Object.entries(DEMO_LOOKS) as [WearName, readonly FrameName[]][];
  const { width, height } = CUTOUT;
  let done = 0;
  for (const person of cast) {
    await mkdir(join(folder, person.id), { recursive: true });
    for (const [look, frames] of looks) {
      const sheet = createCanvas(width * frames.length, height);
      const context = sheet.getContext('2d');
      for (const [i, frame] of frames.entries()) {
        context.drawImage(await cutout(person, look, frame), i * width, 0);
      }
      await writeFile(join(folder, person.id, `${look}.webp`), await sheet.encode('webp', QUALITY));
      progress(++done, cast.length * looks.length);
    }
  }
  const people = cast.map(({ id, name, demo }) => ({
    id,
    name,
    enrolled: demo === 'enrolled',
    looks: Object.fromEntries(looks.map(([look, frames]) => [look, { file: `${id}/${look}.webp`, frames }])),
  }));
  const eyes = cast.map((person) => eyesOf(identityOf(person), CUTOUT));
  const distance = Math.round(eyes.reduce((sum, eye) => sum + eye.distance, 0) / eyes.length);
  const { x, y } = eyes[0]!;
  await writeFile(
    join(folder, SHOP.file),
    await drawShop(SHOP.width, SHOP.height, SHOP.seed).encode('webp', QUALITY),
  );
  const file = {
    version: 1,
    frameSize: { width, height },
    background: SHOP.file,
    eyes: { x: Math.round(x), y: Math.round(y), distance },
    people,
    script: SCRIPT,
  };
  await writeFile(join(folder, 'people.json'), `${JSON.stringify(file, null, 2)}\n`);
}
