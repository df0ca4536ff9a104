import { once } from 'node:events';
import { createWriteStream, mkdirSync, renameSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { WearName } from '../accessory/accessory.ts';
import { type Person, personOf } from '../person/people.ts';
import { cutout } from './frames.ts';
import { type Side, stanceAt, type Walk } from './motion.ts';
import { drawShop } from './shop.ts';

/** One act of a clip. */
export interface ClipScene {
  /** id of a rendered person; null is an empty shop */
  readonly person: string | null;
  readonly wear?: WearName;
  readonly seconds: number;
  /** `walk` comes in and goes again within the time, `stand` is there throughout, `still` does not even blink */
  readonly motion?: 'walk' | 'stand' | 'still';
  readonly from?: Side;
  /** a second person beside the first, further away: the kiosk must choose the nearer */
  readonly companion?: { readonly person: string; readonly wear?: WearName };
  /** factor on the brightness; 0.1 is a dark shop */
  readonly exposure?: number;
  /** factor on the size: below 0.4 the face is too far away */
  readonly scale?: number;
}

/** The camera that a clip imitates. */
export interface ClipFormat {
  /** pixels */
  readonly width: number;
  readonly height: number;
  /** frames a second; Chromium plays motion JPEG at 30 whatever the file says, Y4M at the rate in its header */
  readonly rate: number;
  /** JPEG quality, 0..100 */
  readonly quality: number;
  readonly shopSeed: number;
}

export const CLIP_FORMAT: ClipFormat = { width: 640, height: 480, rate: 30, quality: 86, shopSeed: 3 };

/** Seconds of coming in and going out of a `walk`, unless the scene is too short for both. */
const WALK_SECONDS = { enter: 1.2, leave: 1 } as const;

/**
 * Writes a clip for Chromium's `--use-file-for-fake-video-capture`, which plays it in a loop.
 * @param path ends in `.mjpeg` (small) or `.y4m` (uncompressed, 0.46 MB a frame)
 * @returns the number of frames
 * Throws a RangeError for an unknown person, an empty clip or another ending.
 */
export async function writeClip(
  path: string,
  scenes: readonly ClipScene[],
  changes: Partial<ClipFormat> = {},
): Promise<number> {
  const format = { ...CLIP_FORMAT, ...changes };
  const y4m = path.endsWith('.y4m');
  if (!y4m && !path.endsWith('.mjpeg'))
    throw new RangeError(`A clip ends in .mjpeg or .y4m; Chromium would not play "${path}".`);
  if (scenes.reduce((sum, scene) => sum + scene.seconds, 0) * format.rate < 1)
    throw new RangeError('The clip has no frames: give its scenes some seconds.');
  scenes.forEach(actorsOf);
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const stream = createWriteStream(part);
  if (y4m) stream.write(`YUV4MPEG2 W${format.width} H${format.height} F${format.rate}:1 Ip A1:1 C420jpeg\n`);
  let frames = 0;
  try {
    for await (const canvas of frameSequence(scenes, format)) {
      frames++;
      await write(stream, y4m ? planes(canvas, format) : await canvas.encode('jpeg', format.quality));
    }
  } finally {
    stream.end();
    await once(stream, 'close');
  }
  renameSync(part, path);
  return frames;
}

async function write(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

/** Draws frame after frame onto one canvas. */
async function* frameSequence(scenes: readonly ClipScene[], format: ClipFormat): AsyncGenerator<Canvas> {
  const { width, height, rate } = format;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const shop = drawShop(width, height, format.shopSeed);
  for (const scene of scenes) {
    const walk = walkOf(scene);
    const actors = actorsOf(scene);
    for (let i = 0; i < Math.round(scene.seconds * rate); i++) {
      context.drawImage(shop, 0, 0);
      const stance = stanceAt(walk, i / rate, scene.motion !== 'still');
      for (const actor of stance ? actors : []) {
        const picture = await cutout(actor.person, actor.wear, stance!.frame);
        const size = height * stance!.scale * actor.scale;
        const x = width * (0.5 + stance!.x + actor.offset) - size / 2;
        context.drawImage(picture, x, height * (1 + stance!.y) - size * actor.foot, size, size);
      }
      darken(context, scene.exposure ?? 1, width, height);
      yield canvas;
    }
  }
}

interface Actor {
  readonly person: Person;
  readonly wear: WearName;
  readonly scale: number;
  readonly offset: number;
  /** share of the cut-out that lies above the canvas' lower edge */
  readonly foot: number;
}

/** The furthest first, so that the nearest is drawn last. */
function actorsOf(scene: ClipScene): Actor[] {
  if (scene.person === null) return [];
  const scale = scene.scale ?? 1;
  const main: Actor = {
    person: personOf(scene.person),
    wear: scene.wear ?? 'bare',
    scale,
    offset: 0,
    foot: 1,
  };
  if (!scene.companion) return [main];
  const { person, wear = 'bare' } = scene.companion;
  const behind: Actor = { person: personOf(person), wear, scale: scale * 0.72, offset: 0.27, foot: 1 };
  return [behind, { ...main, offset: -0.14 }];
}

function walkOf(scene: ClipScene): Walk {
  const from = scene.from ?? 'left';
  const to: Side = from === 'left' ? 'right' : from === 'right' ? 'left' : 'far';
  if ((scene.motion ?? 'walk') !== 'walk') return { enter: 0, stay: scene.seconds, leave: 0, from, to };
  const shrink = Math.min(1, (scene.seconds * 0.6) / (WALK_SECONDS.enter + WALK_SECONDS.leave));
  const enter = WALK_SECONDS.enter * shrink;
  const leave = WALK_SECONDS.leave * shrink;
  return { enter, stay: scene.seconds - enter - leave, leave, from, to };
}

function darken(
  context: ReturnType<Canvas['getContext']>,
  exposure: number,
  width: number,
  height: number,
): void {
  if (exposure >= 1) return;
  context.fillStyle = `rgba(0, 0, 0, ${1 - exposure})`;
  context.fillRect(0, 0, width, height);
}

/** One Y4M frame: full-range BT.601 luma, then both colour planes at half the resolution. */
function planes(canvas: Canvas, { width, height }: ClipFormat): Uint8Array {
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const header = Buffer.from('FRAME\n');
  const luma = width * height;
  const out = new Uint8Array(header.length + luma * 1.5);
  out.set(header);
  const y0 = header.length;
  const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = (y * width + x) * 4;
      const r = data[n]!;
      const g = data[n + 1]!;
      const b = data[n + 2]!;
      out[y0 + y * width + x] = byte(0.299 * r + 0.587 * g + 0.114 * b);
      if (x % 2 === 0 && y % 2 === 0) {
        const q = y0 + luma + (y / 2) * (width / 2) + x / 2;
        out[q] = byte(128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
        out[q + luma / 4] = byte(128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
      }
    }
  }
  return out;
}
