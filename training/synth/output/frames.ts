import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { WEAR, type WearName } from '../accessory/accessory.ts';
import { EXPRESSIONS, type Expression } from '../person/expression.ts';
import { identityOf, type Person } from '../person/people.ts';
import type { PoseDegrees } from '../render/pose.ts';
import { PORTRAIT, type RenderOptions, renderPerson } from '../render/render.ts';
import { toCanvas } from './png.ts';

/** Moments of a person who stands before the kiosk. */
export type FrameName = 'rest' | 'blink' | 'smile' | 'left' | 'right';

interface Moment {
  readonly expression: Expression;
  readonly pose: PoseDegrees;
}

/** A turn of the head: small enough to be frontal for recognition, large enough to look alive. Degrees. */
const TURN = 8;
const { neutral, blink, smile } = EXPRESSIONS;
const rest: PoseDegrees = { yaw: 0, pitch: 0, roll: 0 };

export const MOMENTS: Readonly<Record<FrameName, Moment>> = {
  rest: { expression: neutral, pose: rest },
  blink: { expression: blink, pose: rest },
  smile: { expression: smile, pose: { yaw: 0, pitch: 2, roll: 2 } },
  left: { expression: { ...neutral, gazeX: 0.5 }, pose: { yaw: -TURN, pitch: 0, roll: -1 } },
  right: { expression: { ...neutral, gazeX: -0.5 }, pose: { yaw: TURN, pitch: -1, roll: 1 } },
};

/** Cut-outs of head and shoulders; pixels. */
export const CUTOUT: RenderOptions = {
  ...PORTRAIT,
  width: 480,
  height: 480,
  background: { kind: 'transparent' },
};

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, '.cache/synth');

let sourceHash: string | undefined;

/** Hash of the generator's own sources: pictures drawn by other code are not taken from the cache. */
function generatorHash(): string {
  if (sourceHash !== undefined) return sourceHash;
  const hash = createHash('sha256');
  const folder = join(import.meta.dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.startsWith('output'))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  sourceHash = hash
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 12);
  return sourceHash;
}

const ready = new Map<string, Canvas>();

/** A cut-out of a person, from memory, from the cache on disk, or drawn. */
export const cutout = (person: Person, wear: WearName, frame: FrameName): Promise<Canvas> =>
  drawnOnce(`${person.id}-${wear}-${frame}`, CUTOUT.width, () =>
    renderPerson(identityOf(person), {
      ...CUTOUT,
      ...MOMENTS[frame],
      wear: { ...WEAR[wear], variant: person.variant },
    }),
  );

/**
 * A square picture that the generator draws, from memory, from the cache on disk, or drawn now.
 * @param key names the picture and everything that it depends on besides the generator's sources; part of a file's name
 * @param size pixels of a side
 */
export async function drawnOnce(key: string, size: number, render: () => RgbaImage): Promise<Canvas> {
  const known = ready.get(key);
  if (known) return known;
  const file = join(CACHE, generatorHash(), `${key}.png`);
  const canvas = (await fromDisk(file, size)) ?? draw(render, file);
  ready.set(key, canvas);
  return canvas;
}

async function fromDisk(file: string, size: number): Promise<Canvas | null> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  const canvas = createCanvas(size, size);
  canvas.getContext('2d').drawImage(await loadImage(bytes), 0, 0);
  return canvas;
}

function draw(render: () => RgbaImage, file: string): Canvas {
  const canvas = toCanvas(render());
  mkdirSync(join(file, '..'), { recursive: true });
  // several test processes may draw the same picture: the last complete file wins
  const part = `${file}.${process.pid}`;
  writeFileSync(part, canvas.toBuffer('image/png'));
  renameSync(part, file);
  return canvas;
}
