import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { markRendered, RENDERED_MARK } from '../../data/rendered.ts';
import { WEAR, type Wear, type WearName } from '../accessory/accessory.ts';
import { createLabelledRng } from '../labelled-rng.ts';
import { fromSrgb } from '../math.ts';
import { EXPRESSIONS, type ExpressionName } from '../person/expression.ts';
import { createIdentity } from '../person/identity.ts';
import { PEOPLE } from '../person/people.ts';
import { LIGHTS } from '../render/light.ts';
import { renderPerson } from '../render/render.ts';
import { toCanvas } from './png.ts';

/** How a crowd is drawn. */
export const CROWD = {
  /** pixels */
  side: 192,
  /** units of 100 mm over the picture's height: head and a little of the shoulders */
  span: 3.2,
  /** JPEG, 0..100 */
  quality: 90,
  /** largest turn to either side, up or down, and tilt, degrees */
  yaw: 18,
  pitch: 8,
  roll: 6,
  wears: [
    'bare',
    'bare',
    'glasses',
    'horn-rimmed',
    'sunglasses',
    'cap',
    'mask',
  ] satisfies readonly WearName[] as readonly WearName[],
  expressions: ['neutral', 'neutral', 'smile', 'grin'] as readonly ExpressionName[],
  lights: [
    'shop',
    'shop',
    'front',
    'left',
    'right',
    'top',
    'warm',
    'cool',
  ] as readonly (keyof typeof LIGHTS)[],
} as const;

export interface CrowdOptions {
  readonly people: number;
  /** seed of the first person; people's seeds follow each other */
  readonly first: number;
  readonly folder: string;
}

const reserved = new Set(PEOPLE.map(({ seed }) => seed));

async function writePerson(folder: string, seed: number): Promise<void> {
  const target = join(folder, `p${seed}`);
  if (existsSync(target)) return;
  const fresh = `${target}.new`;
  await mkdir(fresh, { recursive: true });
  const identity = createIdentity(seed);
  const rng = createLabelledRng(seed * 31 + 7);
  const within = (most: number) => (rng.next() * 2 - 1) * most;
  const one = <T>(list: readonly T[]): T => list[Math.floor(rng.next() * list.length)]!;
  for (const [index, wear] of CROWD.wears.entries()) {
    const grey = 120 + Math.floor(rng.next() * 120);
    const image = renderPerson(identity, {
      width: CROWD.side,
      height: CROWD.side,
      span: CROWD.span,
      wear: { ...WEAR[wear], variant: Math.floor(rng.next() * 5) },
      expression: EXPRESSIONS[one(CROWD.expressions)],
      light: LIGHTS[one(CROWD.lights)]!,
      pose: { yaw: within(CROWD.yaw), pitch: within(CROWD.pitch), roll: within(CROWD.roll) },
      background: { kind: 'plain', colour: fromSrgb(grey, grey, grey) },
    });
    const picture = createCanvas(CROWD.side, CROWD.side);
    picture.getContext('2d').drawImage(toCanvas(image), 0, 0);
    await writeFile(join(fresh, `${index}-${wear}.jpg`), picture.toBuffer('image/jpeg', CROWD.quality));
  }
  await rename(fresh, target);
}

/**
 * Writes a folder of pictures for each of many drawn people, bare and covered, for `align` and `train`. Goes on where it
 * stopped. The people of fixtures and demonstration are never among them.
 */
export async function writeCrowd(
  { people, first, folder }: CrowdOptions,
  progress: (done: number, total: number) => void,
): Promise<void> {
  markRendered(folder);
  for (let i = 0, seed = first; i < people; seed++) {
    if (reserved.has(seed)) continue;
    await writePerson(folder, seed);
    progress(++i, people);
  }
  const names = (await readdir(folder)).filter((name) => name !== RENDERED_MARK);
  await writeFile(join(folder, '..', 'accessories.tsv'), accessoryTable(names));
}

/** What a picture shows, by the table's columns. */
const WORN: Readonly<Record<string, (wear: Wear) => boolean>> = {
  eyewear: ({ eyewear }) => eyewear !== 'none',
  sunglasses: ({ eyewear }) => eyewear === 'sunglasses',
  hat: ({ cap }) => cap,
  mask: ({ mask }) => mask,
};

/** What the pictures show, in the form that `train --accessories` and `accessories --labels` read. */
function accessoryTable(people: readonly string[]): string {
  const rows = people.flatMap((person) =>
    CROWD.wears.map((wear, index) => {
      const flags = Object.values(WORN).map((worn) => (worn(WEAR[wear]) ? 1 : 0));
      return [`${person}/${index}-${wear}.jpg`, ...flags].join('\t');
    }),
  );
  return `${[['image', ...Object.keys(WORN)].join('\t'), ...rows].join('\n')}\n`;
}
