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

/** Seeds of the rendered people of each half; those of fixtures, demonstration and crowds are others. */
const SEEDS: Readonly<Record<Half, readonly number[]>> = {
  train: [51_001, 51_002, 51_003, 51_004],
  test: [52_001, 52_002, 52_003, 52_004],
};

/** The people of a half, each also mirrored. */
export const actorsOf = (half: Half): readonly Actor[] =>
  SEEDS[half].flatMap((seed, index) =>
    [false, true].map((mirrored) => ({ seed, variant: index % 5, mirrored })),
  );

/** What visitors wear. */
export const VISIT_WEARS = ['bare', 'glasses', 'sunglasses', 'cap', 'mask'] as const satisfies WearName[];
export type VisitWear = (typeof VISIT_WEARS)[number];

/** How a turned head is drawn: every `step` degrees to `most` at either side. */
export const TURNS = { step: 5, most: 35 } as const;

/** Side of a cut-out, pixels: head and shoulders, the eyes some 44 pixels apart. */
export const HEAD_SIZE = 256;

const pictures = new Map<string, RgbaImage>();

/**
 * Head and shoulders of a person on a transparent ground.
 * @param yaw degrees to the picture's right, rounded to the drawn steps and cut at the largest
 * @param closed the eyes are closed (facing the camera alone)
 */
export async function headPicture(
  actor: Actor,
  wear: VisitWear,
  yaw: number,
  closed = false,
): Promise<RgbaImage> {
  const { step, most } = TURNS;
  const seen = Math.round(Math.min(most, Math.max(-most, yaw)) / step) * step;
  const drawn = actor.mirrored ? -seen : seen;
  const key = `attack-${actor.seed}-${actor.variant}-${wear}-${drawn}${closed && drawn === 0 ? '-blink' : ''}`;
  const name = `${key}${actor.mirrored ? '-m' : ''}`;
  const known = pictures.get(name);
  if (known) return known;
  const canvas = await drawnOnce(key, HEAD_SIZE, () =>
    renderPerson(createIdentity(actor.seed), {
      width: HEAD_SIZE,
      height: HEAD_SIZE,
      background: { kind: 'transparent' },
      expression: closed && drawn === 0 ? EXPRESSIONS.blink : EXPRESSIONS.neutral,
      wear: { ...WEAR[wear], variant: actor.variant },
      pose: { yaw: drawn, pitch: (Math.abs(drawn) / most) * ((actor.seed % 7) - 3), roll: 0 },
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
