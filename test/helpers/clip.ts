import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, type Image, loadImage, type SKRSContext2D } from '@napi-rs/canvas';

/** Chromium plays a fake camera's MJPEG at 30 frames a second, whatever it holds. */
const FRAMES_PER_SECOND = 30;
const WIDTH = 640;
const HEIGHT = 480;
const JPEG_QUALITY = 90;

/** How a face moves in front of the camera. */
const SWAY = { x: 5, y: 3, scale: 0.012, period: 2.4 } as const;

/** A picture somewhere in the frame; the whole height of the frame, in the middle, where nothing is said. */
export interface Placed {
  readonly file: string;
  /** height of the picture over the frame's, > 0 */
  readonly scale?: number;
  /** where the picture's middle is, shares of the frame */
  readonly x?: number;
  readonly y?: number;
}

export interface Scene {
  readonly seconds: number;
  /** drawn in this order; nothing: an empty shop */
  readonly pictures: readonly Placed[];
  /** factor on all light, 0..1 */
  readonly light?: number;
  /** blur radius in pixels of the frame */
  readonly blur?: number;
}

const WALL = '#ccd0d2';

const drawnBefore = new Map<string, Promise<Buffer[]>>();

/** The scenes as JPEGs, one after the other. Most tests ask for the same few: each is drawn once in a process. */
function framesOf(scenes: readonly Scene[], framesPerSecond: number, size = 1): Promise<Buffer[]> {
  const key = JSON.stringify([scenes, framesPerSecond, size]);
  const frames = drawnBefore.get(key) ?? drawFrames(scenes, framesPerSecond, size);
  drawnBefore.set(key, frames);
  return frames;
}

async function drawFrames(
  scenes: readonly Scene[],
  framesPerSecond: number,
  size: number,
): Promise<Buffer[]> {
  const images = new Map<string, Image>();
  for (const { pictures } of scenes)
    for (const { file: picture } of pictures)
      if (!images.has(picture)) images.set(picture, await loadImage(readFileSync(picture)));
  const canvas = createCanvas(WIDTH * size, HEIGHT * size);
  const context = canvas.getContext('2d');
  context.scale(size, size);
  const frames: Buffer[] = [];
  for (const scene of scenes)
    for (let frame = 0; frame < scene.seconds * framesPerSecond; frame++) {
      drawScene(context, scene, images, frame / framesPerSecond);
      frames.push(canvas.toBuffer('image/jpeg', JPEG_QUALITY));
    }
  return frames;
}

/** Writes a clip for `--use-file-for-fake-video-capture`. Chromium repeats it for ever. @param size factor on 640x480 */
export async function writeClip(file: string, scenes: readonly Scene[], size = 1): Promise<string> {
  writeFileSync(file, Buffer.concat(await framesOf(scenes, FRAMES_PER_SECOND, size)));
  return file;
}

/** Frames a second of `swayOf`: each of them costs a drawing of the whole screen. */
export const SWAY_FRAMES_PER_SECOND = 5;

/** One sway of a scene, for a camera whose scene changes while the kiosk runs. */
export const swayOf = (scene: Omit<Scene, 'seconds'>): Promise<Buffer[]> =>
  framesOf([{ ...scene, seconds: SWAY.period }], SWAY_FRAMES_PER_SECOND);

function drawScene(
  context: SKRSContext2D,
  { pictures, light = 1, blur = 0 }: Scene,
  images: ReadonlyMap<string, Image>,
  time: number,
): void {
  context.filter = 'none';
  context.fillStyle = WALL;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  if (blur > 0) context.filter = `blur(${blur}px)`;
  for (const [place, picture] of pictures.entries())
    drawPicture(context, images.get(picture.file)!, picture, time + place);
  context.filter = 'none';
  context.fillStyle = `rgba(0, 0, 0, ${1 - light})`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
}

function drawPicture(
  context: SKRSContext2D,
  image: Image,
  { scale = 1, x = 0.5, y = 0.5 }: Placed,
  time: number,
): void {
  const swing = Math.sin((2 * Math.PI * time) / SWAY.period);
  const height = HEIGHT * scale * (1 + SWAY.scale * swing);
  const width = (height * image.width) / image.height;
  const left = WIDTH * x - width / 2 + SWAY.x * scale * swing;
  const top = HEIGHT * y - height / 2 + SWAY.y * scale * Math.cos((2 * Math.PI * time) / SWAY.period);
  context.drawImage(image, left, top, width, height);
}

const FIXTURES = join(import.meta.dirname, '../fixtures');

export type Look = 'bare' | 'glasses' | 'horn-rimmed' | 'sunglasses' | 'cap' | 'mask' | 'smile';

export interface RenderedPerson {
  readonly id: string;
  readonly name: { readonly ko: string; readonly latin: string };
}

/** The rendered people of the fixtures; nobody real. */
export const RENDERED_PEOPLE: readonly RenderedPerson[] = JSON.parse(
  readFileSync(join(FIXTURES, 'people.json'), 'utf8'),
).people;

export const lookOf = (person: RenderedPerson, look: Look): string =>
  join(FIXTURES, 'people', person.id, `${look}.png`);

/** A person in front of the camera for one sway, which a camera repeats for ever without a seam. */
export const standing = (person: RenderedPerson, look: Look): readonly Scene[] => [
  { seconds: SWAY.period, pictures: [{ file: lookOf(person, look) }] },
];
