import type { SKRSContext2D } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { Rng } from '@rounz/core/math/random.ts';
import { drawGround, drawMedium, drawTexture, type Medium } from '../attacks/media.ts';
import { drawHeld, FLAT, type Hold } from '../attacks/surface.ts';
import { toCanvas } from '../synth/output/png.ts';
import { type AttackKind, COMPOSED, FACE_MIDDLE, type Half, HEAD_EYES } from './config.ts';
import { pixelsOf } from './people.ts';
import { colour } from './scenery.ts';

const { height: HEIGHT } = COMPOSED.frame;

/** A held picture: the texture and how it is held. */
export interface Held {
  readonly medium: Medium;
  readonly texture: RgbaImage;
  readonly hold: Hold;
}

const isPaper = (kind: AttackKind): boolean => kind.endsWith('print');

/**
 * Draws a sheet or device with that face on it.
 * @param eyes distance between the eyes over the frame's height
 */
export function drawCarrier(
  kind: AttackKind,
  half: Half,
  face: RgbaImage,
  eyes: number,
  place: { readonly x: number; readonly y: number },
  rng: Rng,
): Held {
  const medium = drawMedium(kind, half, rng.below(1_000_000));
  const texture = drawTexture(medium, face, rng.chance(0.5) ? drawGround(rng) : colour(rng, 10, 250));
  if (isPaper(kind)) printGrain(texture, half, rng);
  const size = (eyes * medium.aspect) / (HEAD_EYES.distance * medium.zoom * (1 - 2 * medium.edge));
  const bent = kind === 'bent-print' ? rng.between(0.4, 1.7) * (rng.chance(0.75) ? 1 : -1) : 0;
  const upright = rng.chance(0.8);
  const hold: Hold = {
    ...FLAT,
    x: place.x,
    y: place.y - (faceMiddle(medium) - 0.5) * size,
    size,
    yaw: rng.between(-22, 22),
    pitch: rng.between(-16, 16),
    roll: rng.between(-8, 8),
    bendX: upright ? bent : 0,
    bendY: upright ? 0 : bent,
  };
  return { medium, texture, hold };
}

/** How far the middle of the face lies from the medium's upper edge, as a share of its height. */
function faceMiddle({ aspect, edge, zoom }: Medium): number {
  const side = (1 - 2 * edge) * zoom;
  const top = Math.max((aspect - side) / 2, aspect - side * 1.05);
  return (top + side * (HEAD_EYES.top + FACE_MIDDLE * HEAD_EYES.distance)) / aspect;
}

/** Dots of a raster, and the narrower range and the tint of inks. */
function printGrain({ data, width, height }: RgbaImage, half: Half, rng: Rng): void {
  const [low, high] = [rng.between(0, 28), rng.between(215, 250)];
  const tint = [rng.between(0.93, 1.03), rng.between(0.95, 1.02), rng.between(0.9, 1.03)];
  const dots = rng.chance(0.6) ? rng.between(0.02, 0.1) : 0;
  const pitch = (half === 'train' ? [2.3, 3.1, 4.2] : [2.7, 3.6])[rng.below(half === 'train' ? 3 : 2)]!;
  const [fx, fy] = [(2 * Math.PI) / pitch, (2 * Math.PI) / pitch];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const dot = 1 + dots * Math.sin(fx * (x + y)) * Math.sin(fy * (x - y));
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = (low + (data[at + channel]! / 255) * (high - low)) * tint[channel]! * dot;
    }
}

/** Draws the held picture, and fingers over its edge. */
export function layHeld(frame: RgbaImage, { medium, texture, hold }: Held, rng: Rng): void {
  drawHeld(frame, texture, hold);
  if (!rng.chance(COMPOSED.fingers)) return;
  const canvas = toCanvas(frame);
  const context = canvas.getContext('2d');
  const height = hold.size * HEIGHT;
  const width = height / medium.aspect;
  const middle = { x: frame.width / 2 + hold.x * HEIGHT, y: frame.height / 2 + hold.y * HEIGHT };
  const side = rng.pick([-1, 1, 0]);
  context.translate(middle.x, middle.y);
  context.rotate((hold.roll * Math.PI) / 180);
  drawFingers(context, side, width, height, rng);
  frame.data.set(pixelsOf(canvas).data);
}

/** Fingers from the left, the right or below, and the back of the hand beyond the edge. */
function drawFingers(context: SKRSContext2D, side: number, width: number, height: number, rng: Rng): void {
  const thick = 0.055 * HEIGHT * rng.between(0.7, 1.4);
  const tone = rng.between(0.55, 1.05);
  context.strokeStyle = `rgb(${Math.round(214 * tone)}, ${Math.round(168 * tone)}, ${Math.round(140 * tone)})`;
  context.lineCap = 'round';
  context.lineWidth = thick;
  const count = side === 0 ? 1 + rng.below(2) : 1 + rng.below(4);
  const from = rng.between(-0.1, 0.35) * height;
  for (let k = 0; k < count; k++) {
    context.beginPath();
    if (side === 0) {
      const x = (k - 0.5) * width * rng.between(0.3, 0.7);
      context.moveTo(x, height * 0.5 + 3 * thick);
      context.lineTo(x, height * 0.5 - rng.between(0.2, 1.6) * thick);
    } else {
      const y = from + k * thick * 1.15;
      context.moveTo(side * (width * 0.5 + 3 * thick), y + thick);
      context.lineTo(side * (width * 0.5 - rng.between(0.1, 1.5) * thick), y);
    }
    context.stroke();
  }
}
