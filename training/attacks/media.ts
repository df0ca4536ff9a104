import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import { createRng, type Rng } from '@rounz/core/math/random.ts';
import type { Half } from './people.ts';

/** What an attacker holds up: a sheet of paper, one with the eyes cut out, a telephone, a tablet. */
export const MEDIA = ['print', 'cut-print', 'bent-print', 'phone', 'tablet'] as const;
export type MediumKind = (typeof MEDIA)[number];

/** One drawn sheet or device. Lengths are shares of its width unless they say otherwise. */
export interface Medium {
  readonly kind: MediumKind;
  /** height over width */
  readonly aspect: number;
  /** white margin of a sheet, or the bezel of a device */
  readonly edge: number;
  /** rounding of the corners */
  readonly round: number;
  /** grey of the edge, 0..255 */
  readonly edgeGrey: number;
  /** brightest spot of the glare, 0..1, its place and radius */
  readonly glare: number;
  readonly glareX: number;
  readonly glareY: number;
  readonly glareSize: number;
  /** moire: how much it changes the brightness, 0..1; waves over the width, direction, how it differs between the colours */
  readonly moire: number;
  readonly waves: number;
  readonly angle: number;
  readonly colourShift: number;
  /** factor on the picture's light; a screen shines */
  readonly light: number;
  /** factor on the width of the face in the picture */
  readonly zoom: number;
}

/** Pixels of a texture's width. */
const WIDTH = 320;

/** Shapes of the devices and sheets of each half: no screen of the training half comes again. */
const SHAPES: Readonly<Record<Half, Readonly<Record<'print' | 'phone' | 'tablet', readonly number[]>>>> = {
  train: { print: [1.41, 1], phone: [2.0, 1.78], tablet: [1.33] },
  test: { print: [1.33, 1.25], phone: [2.16, 1.9], tablet: [1.5, 1.6] },
};
/** Ranges that both halves draw from, so that they share no value: the test half is shifted between the training half's. */
const SHIFT: Readonly<Record<Half, number>> = { train: 0, test: 0.5 };

/** Draws a sheet or device. `half` chooses among shapes, bezels, patterns. */
export function drawMedium(kind: MediumKind, half: Half, seed: number): Medium {
  const rng = createRng(seed);
  const paper = kind.endsWith('print');
  const shapes = SHAPES[half][paper ? 'print' : (kind as 'phone' | 'tablet')];
  const stepped = (low: number, high: number) =>
    low + ((high - low) * (rng.below(5) + 0.25 + SHIFT[half])) / 5.5;
  return {
    kind,
    aspect: rng.pick(shapes),
    edge: paper ? (rng.chance(0.4) ? 0 : stepped(0.01, 0.07)) : stepped(0.015, 0.06),
    round: paper ? 0 : stepped(0.03, 0.12),
    edgeGrey: paper ? stepped(225, 250) : rng.chance(0.8) ? stepped(8, 40) : stepped(150, 230),
    glare: paper ? stepped(0, 0.12) : stepped(0.05, 0.45),
    glareX: rng.between(0, 1),
    glareY: rng.between(0, 1),
    glareSize: stepped(0.15, 0.6),
    moire: paper ? 0 : stepped(0.01, 0.07),
    waves: stepped(14, 60),
    angle: stepped(0, Math.PI),
    colourShift: stepped(0, 2),
    light: paper ? stepped(0.75, 1) : stepped(0.95, 1.3),
    zoom: stepped(0.95, 1.35),
  };
}

/**
 * The picture that the medium shows, with its edge, glare and moire.
 * @param face head and shoulders on a transparent ground, or a photograph
 * @param ground colour behind a cut-out, CSS
 */
export function drawTexture(medium: Medium, face: RgbaImage, ground: string): RgbaImage {
  const height = Math.round(WIDTH * medium.aspect);
  const canvas = createCanvas(WIDTH, height);
  const context = canvas.getContext('2d');
  drawBody(context, medium, height);
  drawPicture(context, medium, height, face, ground);
  drawGlare(context, medium, height);
  if (medium.kind === 'cut-print') cutEyes(context, medium, height);
  const { data } = context.getImageData(0, 0, WIDTH, height);
  shine(data, medium, WIDTH, height);
  return { data, width: WIDTH, height };
}

function drawBody(context: SKRSContext2D, { edgeGrey, round }: Medium, height: number): void {
  context.fillStyle = `rgb(${edgeGrey}, ${edgeGrey}, ${edgeGrey})`;
  context.beginPath();
  context.roundRect(0, 0, WIDTH, height, round * WIDTH);
  context.fill();
}

function drawPicture(
  context: SKRSContext2D,
  { edge, round, zoom }: Medium,
  height: number,
  face: RgbaImage,
  ground: string,
): void {
  const inset = edge * WIDTH;
  context.save();
  context.beginPath();
  context.roundRect(inset, inset, WIDTH - 2 * inset, height - 2 * inset, Math.max(0, round * WIDTH - inset));
  context.clip();
  context.fillStyle = ground;
  context.fillRect(0, 0, WIDTH, height);
  const size = (WIDTH - 2 * inset) * zoom;
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvasOf(face), (WIDTH - size) / 2, faceTop(height, size), size, size);
  context.restore();
}

/** Where the square picture of the face begins: its lower edge at the medium's, or in the middle of a tall screen. */
const faceTop = (height: number, size: number): number => Math.max((height - size) / 2, height - size * 1.05);

function canvasOf({ data, width, height }: RgbaImage) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(width, height);
  pixels.data.set(data);
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function drawGlare(context: SKRSContext2D, medium: Medium, height: number): void {
  const { glare, glareX, glareY, glareSize } = medium;
  if (glare <= 0) return;
  const [x, y] = [glareX * WIDTH, glareY * height];
  const light = context.createRadialGradient(x, y, 0, x, y, glareSize * WIDTH);
  light.addColorStop(0, `rgba(255, 255, 255, ${glare})`);
  light.addColorStop(1, 'rgba(255, 255, 255, 0)');
  context.fillStyle = light;
  context.globalCompositeOperation = 'source-atop';
  context.fillRect(0, 0, WIDTH, height);
  context.globalCompositeOperation = 'source-over';
}

/** Places of the eyes in a cut-out of head and shoulders, shares of its side. */
const EYES = { left: 0.412, right: 0.588, y: 0.412, width: 0.062, height: 0.032 } as const;

function cutEyes(context: SKRSContext2D, { edge, zoom }: Medium, height: number): void {
  const size = WIDTH * (1 - 2 * edge) * zoom;
  context.globalCompositeOperation = 'destination-out';
  for (const x of [EYES.left, EYES.right]) {
    context.beginPath();
    const centre = WIDTH / 2 + (x - 0.5) * size;
    context.ellipse(
      centre,
      faceTop(height, size) + EYES.y * size,
      EYES.width * size,
      EYES.height * size,
      0,
      0,
      7,
    );
    context.fill();
  }
  context.globalCompositeOperation = 'source-over';
}

/** The medium's light, and the waves that two rasters make together. */
function shine(data: Uint8ClampedArray, medium: Medium, width: number, height: number): void {
  const { moire, waves, angle, colourShift, light } = medium;
  const [fx, fy] = [Math.cos(angle) * waves, Math.sin(angle) * waves].map((f) => (2 * Math.PI * f) / width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const wave = moire > 0 ? moire * Math.sin(fx! * x + fy! * y + channel * colourShift) : 0;
        data[(y * width + x) * 4 + channel]! *= light * (1 + wave);
      }
}

/** A ground as portraits have it. */
export const drawGround = (rng: Rng): string => {
  const grey = rng.between(90, 235);
  const tint = () => Math.round(grey + rng.between(-14, 14));
  return `rgb(${tint()}, ${tint()}, ${tint()})`;
};
