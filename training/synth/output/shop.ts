import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { createLabelledRng } from '../labelled-rng.ts';

/** Colours of an eyewear shop by day. */
const SHOP = {
  wallTop: '#e9e4da',
  wallLow: '#d2c8b9',
  counter: '#a98b6b',
  counterTop: '#c4a884',
  board: '#b4946d',
  glow: 'rgba(255, 238, 205, 0.85)',
  niche: '#c9bca9',
  frames: ['#2b2a2c', '#5b3a26', '#7a7d84', '#8c6a3c', '#3c4a60', '#7d3436'],
  leaf: '#6f8a66',
  pot: '#e6e0d6',
  /** pixels of a picture 480 high: the shop lies behind the plane of focus */
  blur: 4.5,
} as const;

/** Shelves with lit frames, a counter and a plant, out of focus. The same seed gives the same picture. */
export function drawShop(width: number, height: number, seed: number): Canvas {
  const rng = createLabelledRng(seed);
  const sharp = createCanvas(width, height);
  const context = sharp.getContext('2d');
  const wall = context.createLinearGradient(0, 0, 0, height);
  wall.addColorStop(0, SHOP.wallTop);
  wall.addColorStop(1, SHOP.wallLow);
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  for (const [left, right] of [
    [0.03, 0.36],
    [0.41, 0.68],
    [0.73, 0.98],
  ] as const) {
    for (let row = 0; row < 3; row++) drawNiche(context, width, height, left, right, 0.08 + row * 0.23, rng);
  }
  context.fillStyle = SHOP.counter;
  context.fillRect(0, height * 0.82, width, height);
  context.fillStyle = SHOP.counterTop;
  context.fillRect(0, height * 0.8, width, height * 0.035);
  drawPlant(context, width * 0.9, height * 0.8, height * 0.2, rng);
  const blurred = createCanvas(width, height);
  const out = blurred.getContext('2d');
  // a margin, so that the blur does not darken the edges
  out.filter = `blur(${(SHOP.blur * height) / 480}px)`;
  out.drawImage(sharp, -0.02 * width, -0.02 * height, 1.04 * width, 1.04 * height);
  return blurred;
}

type Context = ReturnType<Canvas['getContext']>;

function drawNiche(
  context: Context,
  width: number,
  height: number,
  left: number,
  right: number,
  top: number,
  rng: ReturnType<typeof createLabelledRng>,
): void {
  const x = left * width;
  const w = (right - left) * width;
  const y = top * height;
  const h = height * 0.17;
  context.fillStyle = SHOP.niche;
  context.fillRect(x, y, w, h);
  const light = context.createLinearGradient(0, y, 0, y + h);
  light.addColorStop(0, SHOP.glow);
  light.addColorStop(0.75, 'rgba(255, 238, 205, 0)');
  context.fillStyle = light;
  context.fillRect(x, y, w, h);
  context.fillStyle = SHOP.board;
  context.fillRect(x - 3, y + h, w + 6, height * 0.018);
  const r = height * 0.026;
  for (let at = x + r * 2; at + r * 3.4 < x + w; at += r * 6.2) {
    if (rng.chance(0.14)) continue;
    context.strokeStyle = rng.pick(SHOP.frames);
    context.lineWidth = r * rng.between(0.28, 0.5);
    const base = y + h - r * 1.2;
    context.beginPath();
    context.ellipse(at, base, r * 1.1, r * 0.85, 0, 0, 2 * Math.PI);
    context.moveTo(at + r * 3.7, base);
    context.ellipse(at + r * 2.6, base, r * 1.1, r * 0.85, 0, 0, 2 * Math.PI);
    context.stroke();
  }
}

function drawPlant(
  context: Context,
  x: number,
  y: number,
  size: number,
  rng: ReturnType<typeof createLabelledRng>,
): void {
  context.fillStyle = SHOP.leaf;
  for (let i = 0; i < 14; i++) {
    const angle = -Math.PI / 2 + rng.between(-1.1, 1.1);
    const reach = size * rng.between(0.5, 1.1);
    context.beginPath();
    context.ellipse(
      x + Math.cos(angle) * reach * 0.6,
      y - size * 0.45 + Math.sin(angle) * reach * 0.6,
      reach * 0.42,
      size * 0.11,
      angle,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
  context.fillStyle = SHOP.pot;
  context.fillRect(x - size * 0.28, y - size * 0.5, size * 0.56, size * 0.52);
}
