import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { createRng, normalTable, type Rng } from '@rounz/core/math/random.ts';
import { drawHeld, FLAT } from '../attacks/surface.ts';
import { toCanvas } from '../synth/output/png.ts';
import { drawCarrier, layHeld } from './carrier.ts';
import {
  type AttackKind,
  COMPOSED,
  FACE_MIDDLE,
  type Half,
  HEAD_EYES,
  type PassiveWear,
  WEARS,
} from './config.ts';
import { drawHeadView, type HeadView, headPicture, pixelsOf, portraitOf } from './people.ts';
import { colour, drawScenery } from './scenery.ts';

/** What one frame shows; everything else is drawn from the seed. */
export type Shot = { readonly half: Half; readonly seed: number; readonly wear: PassiveWear } & (
  | { readonly kind: 'visit' }
  | { readonly kind: AttackKind; readonly video: boolean }
);

/** A composed frame and where its face is: the middle and the distance between the eyes, pixels. */
export interface ComposedFrame {
  readonly frame: RgbaImage;
  readonly x: number;
  readonly y: number;
  readonly eyes: number;
  /** whose face it is */
  readonly head: HeadView;
}

/** Draws the camera's frame of a shot. */
export async function composeShot(shot: Shot): Promise<ComposedFrame> {
  const rng = createRng(shot.seed);
  const { width, height } = COMPOSED.frame;
  const frame = drawScenery(shot.half, rng);
  const eyes = rng.between(COMPOSED.eyes[0], COMPOSED.eyes[1]);
  const place = { x: rng.between(-0.22, 0.22), y: rng.between(-0.16, 0.12) };
  const view = drawHeadView(shot.half, shot.wear, rng);
  const head = await headPicture(view);
  if (shot.kind === 'visit') {
    standAt(frame, head, eyes, place);
    if (rng.chance(COMPOSED.holding)) holdThing(frame, eyes, place, rng);
  } else {
    const behind = await headPicture(drawHeadView(shot.half, rng.pick(WEARS), rng));
    if (shot.kind === 'cut-print') standAt(frame, behind, eyes * 0.94, place);
    else if (rng.chance(COMPOSED.attacker))
      standAt(frame, behind, eyes * rng.between(0.6, 1.1), {
        x: place.x + rng.between(-0.3, 0.3),
        y: place.y + rng.between(-0.1, 0.25),
      });
    const portrait = shot.video ? await recorded(portraitOf(head), rng) : portraitOf(head);
    layHeld(frame, drawCarrier(shot.kind, shot.half, portrait, eyes, place, rng), rng);
  }
  const x = width / 2 + place.x * height;
  const y = height / 2 + place.y * height;
  return { frame: await throughCamera(frame, rng), x, y, eyes: eyes * height, head: view };
}

/** Draws a person whose face is at that place and of that size. */
function standAt(
  frame: RgbaImage,
  head: RgbaImage,
  eyes: number,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const side = eyes / HEAD_EYES.distance;
  const size = (side * head.height) / head.width;
  const down = size / 2 - side * HEAD_EYES.top - eyes * FACE_MIDDLE;
  drawHeld(frame, head, { ...FLAT, x, y: y + down, size });
}

/** A telephone, a card or a sheet in a visitor's hand, below the face or beside it. */
function holdThing(
  frame: RgbaImage,
  eyes: number,
  place: { readonly x: number; readonly y: number },
  rng: Rng,
): void {
  const canvas = createCanvas(64, Math.round(64 * rng.between(0.7, 2)));
  const context = canvas.getContext('2d');
  context.fillStyle = colour(rng, 5, 250);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour(rng, 5, 255);
  const edge = rng.between(0, 6);
  context.fillRect(edge, edge, canvas.width - 2 * edge, canvas.height - 2 * edge);
  const side = rng.chance(0.5) ? 0 : rng.pick([-1, 1]);
  drawHeld(frame, pixelsOf(canvas), {
    ...FLAT,
    x: place.x + eyes * (side * rng.between(2.6, 3.6)),
    y: place.y + eyes * (side === 0 ? rng.between(3.4, 4.4) : rng.between(0, 3)),
    size: eyes * rng.between(2, 4),
    yaw: rng.between(-25, 25),
    roll: rng.between(-20, 20),
  });
}

/** A frame of a recorded video: coarser than a photograph. */
async function recorded(portrait: RgbaImage, rng: Rng): Promise<RgbaImage> {
  const side = Math.round(portrait.width * rng.between(0.45, 0.9));
  const canvas = createCanvas(side, side);
  canvas.getContext('2d').drawImage(toCanvas(portrait), 0, 0, side, side);
  return pixelsOf(canvas);
}

const NOISE = normalTable(16_381, 78);

/** Exposure, colour of the light, unsharpness, noise and compression of a camera. */
async function throughCamera(frame: RgbaImage, rng: Rng): Promise<RgbaImage> {
  const { data } = frame;
  const light = rng.between(0.45, 1.15);
  const gains = [light * rng.between(0.92, 1.1), light, light * rng.between(0.88, 1.1)];
  const gamma = rng.between(0.8, 1.25);
  const tables = gains.map((gain) =>
    Float32Array.from({ length: 256 }, (_, value) => 255 * Math.min(1, (value / 255) * gain) ** gamma),
  );
  const soft = rng.chance(0.7) ? rng.between(0, 1.3) : 0;
  const blurred = soft > 0.2 ? blur(frame, soft) : data;
  const noise = rng.between(0.5, 6);
  let at = rng.below(NOISE.length);
  const [red, green, blue] = tables as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < data.length; i += 4) {
    data[i] = red[blurred[i]!]! + NOISE[at]! * noise;
    data[i + 1] = green[blurred[i + 1]!]! + NOISE[at + 1]! * noise;
    data[i + 2] = blue[blurred[i + 2]!]! + NOISE[at + 2]! * noise;
    at = at + 5 < NOISE.length ? at + 2 : rng.below(64);
  }
  return compressed(frame, Math.round(rng.between(45, 95)));
}

function blur(frame: RgbaImage, sigma: number): Uint8ClampedArray {
  const canvas = createCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d');
  context.filter = `blur(${sigma}px)`;
  context.drawImage(toCanvas(frame), 0, 0);
  return pixelsOf(canvas).data;
}

async function compressed(frame: RgbaImage, quality: number): Promise<RgbaImage> {
  const picture = await loadImage(toCanvas(frame).toBuffer('image/jpeg', quality));
  const canvas = createCanvas(frame.width, frame.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return pixelsOf(canvas);
}
