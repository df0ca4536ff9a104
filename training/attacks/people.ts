import { createCanvas } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { WEAR, type WearName } from '../synth/accessory/accessory.ts';
import { drawnOnce } from '../synth/output/frames.ts';
import { EXPRESSIONS } from '../synth/person/expression.ts';
import { createIdentity } from '../synth/person/identity.ts';
import { renderPerson } from '../synth/render/render.ts';

/** A rendered person of the attacks and of the visits that are compared with them. */
export interface Actor {
  readonly seed: number;
  /** which model of each accessory, 0.. */
  readonly variant: number;
  /** the picture is mirrored: the same measures, seen as another person */
  readonly mirrored: boolean;
}

/** Which half of the people, screens and hands: nothing of `test` is looked at while a number is chosen. */
export type Half = 'train' | 'test';

/**
 * Seeds of the rendered people of each half; those of fixtures, demonstration and crowds are others. Those from 52,001 were the test
 * half until the limits were chosen anew by what they showed.
 */
const SEEDS: Readonly<Record<Half, readonly number[]>> = {
  train: [51_001, 51_002, 51_003, 51_004, 52_001, 52_002, 52_003, 52_004],
  test: [54_001, 54_002, 54_003, 54_004],
};

/** The people of a half, each also mirrored. */
export const actorsOf = (half: Half): readonly Actor[] =>
  SEEDS[half].flatMap((seed, index) =>
    [false, true].map((mirrored) => ({ seed, variant: index % 5, mirrored })),
  );

/** What visitors wear. */
export const VISIT_WEARS = ['bare', 'glasses', 'sunglasses', 'cap', 'mask'] as const satisfies WearName[];
export type VisitWear = (typeof VISIT_WEARS)[number];

/**
 * How a turned head is drawn: every `step` degrees to `most`; turned and nodded at once, on its way from one to the other, every
 * `coarse` degrees.
 */
const GRID = { step: 5, coarse: 10, yaw: 35, pitch: 30 } as const;

function onGrid(yaw: number, pitch: number): readonly [yaw: number, pitch: number] {
  const { step, coarse } = GRID;
  const by = Math.abs(yaw) > step && Math.abs(pitch) > step ? coarse : step;
  const place = (angle: number, most: number) =>
    Math.round(Math.min(most, Math.max(-most, angle)) / by) * by + 0;
  return [place(yaw, GRID.yaw), place(pitch, GRID.pitch)];
}

/** Side of a cut-out, pixels: head and shoulders, the eyes some 44 pixels apart. */
export const HEAD_SIZE = 256;

const pictures = new Map<string, RgbaImage>();

/**
 * Head and shoulders of a person on a transparent ground.
 * @param turned degrees to the picture's right and upwards, rounded to the drawn steps and cut at the largest
 * @param closed the eyes are closed (facing the camera alone)
 */
export async function headPicture(
  actor: Actor,
  wear: VisitWear,
  turned: { readonly x: number; readonly y: number },
  closed = false,
): Promise<RgbaImage> {
  const [seen, pitch] = onGrid(turned.x, turned.y);
  const yaw = actor.mirrored ? -seen : seen;
  const blinks = closed && yaw === 0 && pitch === 0;
  const key = `attack-${actor.seed}-${actor.variant}-${wear}-${yaw}${pitch === 0 ? '' : `_${pitch}`}${blinks ? '-blink' : ''}`;
  const name = `${key}${actor.mirrored ? '-m' : ''}`;
  const known = pictures.get(name);
  if (known) return known;
  const canvas = await drawnOnce(key, HEAD_SIZE, () =>
    renderPerson(createIdentity(actor.seed), {
      width: HEAD_SIZE,
      height: HEAD_SIZE,
      background: { kind: 'transparent' },
      expression: blinks ? EXPRESSIONS.blink : EXPRESSIONS.neutral,
      wear: { ...WEAR[wear], variant: actor.variant },
      pose: { yaw, pitch: pitch + (Math.abs(yaw) / GRID.yaw) * ((actor.seed % 7) - 3), roll: 0 },
    }),
  );
  const target = createCanvas(HEAD_SIZE, HEAD_SIZE);
  const context = target.getContext('2d');
  if (actor.mirrored) context.setTransform(-1, 0, 0, 1, HEAD_SIZE, 0);
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, HEAD_SIZE, HEAD_SIZE);
  const picture = { data, width: HEAD_SIZE, height: HEAD_SIZE };
  pictures.set(name, picture);
  return picture;
}
