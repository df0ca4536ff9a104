import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { Rng } from '@rounz/core/math/random.ts';
import { drawShop } from '../synth/output/shop.ts';
import { COMPOSED, type Half } from './config.ts';
import { pixelsOf } from './people.ts';

const { width: WIDTH, height: HEIGHT } = COMPOSED.frame;

const shops = new Map<number, RgbaImage>();

/** What stands behind a visitor: a drawn shop, or a room with doors, windows, posters and shelves. */
export function drawScenery(half: Half, rng: Rng): RgbaImage {
  if (rng.chance(0.4)) {
    const { first, count } = COMPOSED.shops[half];
    const seed = first + rng.below(count);
    let shop = shops.get(seed);
    if (!shop) {
      shop = pixelsOf(drawShop(WIDTH, HEIGHT, seed));
      shops.set(seed, shop);
    }
    return { ...shop, data: shop.data.slice() };
  }
  return pixelsOf(drawRoom(rng));
}

function drawRoom(rng: Rng): Canvas {
  const sharp = createCanvas(WIDTH, HEIGHT);
  const context = sharp.getContext('2d');
  const wall = context.createLinearGradient(0, 0, rng.between(-WIDTH, WIDTH), HEIGHT);
  wall.addColorStop(0, colour(rng, 30, 245));
  wall.addColorStop(1, colour(rng, 30, 245));
  context.fillStyle = wall;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let left = rng.below(9); left > 0; left--) drawThing(context, rng);
  const blurred = createCanvas(WIDTH, HEIGHT);
  const out = blurred.getContext('2d');
  out.filter = `blur(${rng.between(0.3, 4.5)}px)`;
  out.drawImage(sharp, -0.02 * WIDTH, -0.02 * HEIGHT, 1.04 * WIDTH, 1.04 * HEIGHT);
  return blurred;
}

/** A rectangle with or without a frame, a lamp, or a ball: what stands behind a person also behind the head. */
function drawThing(context: SKRSContext2D, rng: Rng): void {
  const [w, h] = [rng.between(0.08, 0.8) * WIDTH, rng.between(0.1, 1.1) * HEIGHT];
  const [x, y] = [rng.between(-0.2, 1) * WIDTH, rng.between(-0.3, 0.9) * HEIGHT];
  context.save();
  context.translate(x, y);
  context.rotate(rng.between(-0.03, 0.03));
  context.fillStyle = colour(rng, 10, 255);
  if (rng.chance(0.25)) {
    context.beginPath();
    context.ellipse(w / 2, h / 2, w / 3, w / 3, 0, 0, 7);
    context.fill();
  } else {
    context.fillRect(0, 0, w, h);
    if (rng.chance(0.5)) {
      context.strokeStyle = colour(rng, 0, 255);
      context.lineWidth = rng.between(1, 10);
      context.strokeRect(0, 0, w, h);
    }
  }
  context.restore();
}

/** A colour of low saturation mostly, CSS. */
export function colour(rng: Rng, low: number, high: number): string {
  const grey = rng.between(low, high);
  const reach = rng.chance(0.25) ? 80 : 22;
  const part = () => Math.round(Math.min(255, Math.max(0, grey + rng.between(-reach, reach))));
  return `rgb(${part()}, ${part()}, ${part()})`;
}
