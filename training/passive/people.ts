import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { Rng } from '@rounz/core/math/random.ts';
import { WEAR } from '../synth/accessory/accessory.ts';
import { drawnOnce } from '../synth/output/frames.ts';
import { EXPRESSIONS, type ExpressionName } from '../synth/person/expression.ts';
import { createIdentity } from '../synth/person/identity.ts';
import { LIGHTS } from '../synth/render/light.ts';
import { renderPerson } from '../synth/render/render.ts';
import { COMPOSED, type Half, type PassiveWear } from './config.ts';

/** One drawn view of a person. */
export interface HeadView {
  readonly seed: number;
  readonly wear: PassiveWear;
  readonly yaw: number;
  readonly expression: ExpressionName;
  readonly light: keyof typeof LIGHTS;
  readonly mirrored: boolean;
}

const VIEW_LIGHTS = ['shop', 'front', 'left', 'right', 'top', 'warm', 'cool'] as const;

/** A person of the half; light, turn and expression follow from person and wear, so that few pictures are drawn. */
export function drawHeadView(half: Half, wear: PassiveWear, rng: Rng): HeadView {
  const { first, count } = COMPOSED.seeds[half];
  const seed = first + rng.below(count);
  const look = seed * 5 + wear.length;
  return {
    seed,
    wear,
    yaw: COMPOSED.yaws[look % COMPOSED.yaws.length]!,
    expression: COMPOSED.expressions[(look >> 2) % COMPOSED.expressions.length]!,
    light: VIEW_LIGHTS[look % VIEW_LIGHTS.length]!,
    mirrored: rng.chance(0.5),
  };
}

const pictures = new Map<string, RgbaImage>();

/** Names a view among all others. */
export const viewKey = ({ seed, wear, yaw, expression, light, mirrored }: HeadView): string =>
  `${seed}-${wear}-${yaw}-${expression}-${light}${mirrored ? '-m' : ''}`;

/** Head, shoulders and a body that goes on below, on a transparent ground. */
export async function headPicture(view: HeadView): Promise<RgbaImage> {
  const known = pictures.get(viewKey(view));
  if (known) return known;
  const { size, below } = COMPOSED.head;
  const { seed, wear, yaw, expression, light, mirrored } = view;
  const drawn = await drawnOnce(`passive-${seed}-${wear}-${yaw}-${expression}-${light}`, size, () =>
    renderPerson(createIdentity(seed), {
      width: size,
      height: size,
      background: { kind: 'transparent' },
      expression: EXPRESSIONS[expression],
      wear: { ...WEAR[wear], variant: seed % 5 },
      light: LIGHTS[light],
      pose: { yaw, pitch: (seed % 7) - 3, roll: 0 },
    }),
  );
  const picture = pixelsOf(withBody(drawn, mirrored, below));
  pictures.set(viewKey(view), picture);
  return picture;
}

/** The cut-out with its lowest rows drawn out. */
function withBody(head: Canvas, mirrored: boolean, below: number): Canvas {
  const size = head.width;
  const canvas = createCanvas(size, size + below);
  const context = canvas.getContext('2d');
  if (mirrored) context.setTransform(-1, 0, 0, 1, size, 0);
  context.drawImage(head, 0, 0);
  context.drawImage(head, 0, size - 3, size, 2, 0, size - 1, size, below + 1);
  return canvas;
}

/** A canvas' pixels. */
export function pixelsOf(canvas: Canvas): RgbaImage {
  const { width, height } = canvas;
  return { data: canvas.getContext('2d').getImageData(0, 0, width, height).data, width, height };
}

/** The square upper part: what a portrait shows. */
export function portraitOf({ data, width }: RgbaImage): RgbaImage {
  return { data: data.slice(0, width * width * 4), width, height: width };
}
