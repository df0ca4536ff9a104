import type { RgbaImage } from '@rounz/core/image.ts';
import { normalTable, type Rng } from '@rounz/core/math/random.ts';
import { drawShop } from '../synth/output/shop.ts';
import { type Case, rngOf } from './cases.ts';
import { drawGround, drawMedium, drawTexture, type Medium } from './media.ts';
import { answered, drawAnswer, drawHand, drawRecording, drawTremor, type Prompts } from './motion.ts';
import { type Actor, actorsOf, type Half, headPicture } from './people.ts';
import { drawHeld, FLAT, type Hold } from './surface.ts';

/** The camera's frame of a scene, `time` seconds after the visit began. */
export type Scene = (time: number, prompts: Prompts) => Promise<RgbaImage>;

/** The kiosk's camera. Pixels, and the standard deviation of its noise, 0..255. */
const CAMERA = { width: 480, height: 360, noise: 2.5 } as const;

/** Portraits that an attack shows instead of rendered people. */
export type Portraits = readonly RgbaImage[];

const shops = new Map<string, RgbaImage>();

function shopOf(half: Half, index: number): RgbaImage {
  const key = `${half}-${index}`;
  const known = shops.get(key);
  if (known) return known;
  const { width, height } = CAMERA;
  const canvas = drawShop(width, height, (half === 'train' ? 300 : 400) + index);
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const shop = { data, width, height };
  shops.set(key, shop);
  return shop;
}

const NOISE = normalTable(8_191, 77);

function addNoise({ data }: RgbaImage, rng: Rng, light: number): void {
  let at = rng.below(NOISE.length);
  for (let i = 0; i < data.length; i += 4) {
    const noise = CAMERA.noise * NOISE[at]!;
    at = at + 1 === NOISE.length ? 0 : at + 1;
    for (let channel = 0; channel < 3; channel++) data[i + channel] = data[i + channel]! * light + noise;
  }
}

/**
 * The scene of a case.
 * @param portraits shown by the attacks with still pictures in place of rendered people
 */
export function sceneOf(one: Case, portraits: Portraits = []): Scene {
  const rng = rngOf(one, 'scene');
  const shop = shopOf(one.half, rng.below(4));
  const light = rng.between(0.7, 1.05);
  const draw = painterOf(one, rng, portraits);
  const noise = rngOf(one, 'noise');
  return async (time, prompts) => {
    const frame = { ...shop, data: shop.data.slice() };
    await draw(frame, time, prompts);
    addNoise(frame, noise, light);
    return frame;
  };
}

type Painter = (frame: RgbaImage, time: number, prompts: Prompts) => Promise<void>;

function painterOf(one: Case, rng: Rng, portraits: Portraits): Painter {
  const actor = rng.pick(actorsOf(one.half));
  switch (one.group) {
    case 'visit':
      return visitor(rng, actor, one.wear);
    case 'still':
      return stillPicture(one, rng, actor, portraits);
    case 'video':
      return replayedVideo(one, rng, actor);
    default:
      return one satisfies never;
  }
}

/** Somebody who stands before the kiosk, sways and answers the screen. */
function visitor(rng: Rng, actor: Actor, wear: Extract<Case, { group: 'visit' }>['wear']): Painter {
  const answer = drawAnswer(rng);
  const sway = drawTremor(rng);
  const [most, mostNod] = [rng.between(24, 34), rng.between(20, 30)];
  // Somebody who has just touched the screen stands at an arm's length.
  const size = rng.between(0.85, 1.1);
  const facing = rng.between(-4, 4);
  return async (frame, time, prompts) => {
    const { x, y } = answered(time, prompts, answer);
    const turned = { x: facing + most * x + 1.5 * sway(time, 3), y: mostNod * y + sway(time, 5) };
    const picture = await headPicture(actor, wear, turned, wear === 'bare' && time % 3.4 < 0.15);
    drawHeld(frame, picture, standing(size, time, sway));
  };
}

/** A cut-out whose lower edge is the frame's. */
const standing = (size: number, time: number, sway: ReturnType<typeof drawTremor>): Hold => ({
  ...FLAT,
  size: size * (1 + 0.008 * sway(time, 2)),
  x: 0.012 * sway(time, 0),
  y: (1 - size) / 2 + 0.006 * sway(time, 1) + 0.01,
  roll: 1.5 * sway(time, 4),
});

/** Share of the frame's height that a medium takes, so that its face is as large as a visitor's. */
const mediumSize = (rng: Rng, { aspect, zoom, edge }: Medium): number =>
  Math.min(1.15, (rng.between(0.5, 0.72) * aspect) / (zoom * (1 - 2 * edge)));

const AHEAD = { x: 0, y: 0 } as const;

function stillPicture(
  one: Extract<Case, { group: 'still' }>,
  rng: Rng,
  actor: Actor,
  portraits: Portraits,
): Painter {
  const medium = drawMedium(one.medium, one.half, one.seed);
  const size = mediumSize(rng, medium);
  const bent = one.medium === 'bent-print' ? rng.between(0.4, 1.6) * (rng.chance(0.8) ? 1 : -1) : 0;
  const hand = drawHand(rng, one.move, size, bent);
  const ground = drawGround(rng);
  const behind = rng.pick(actorsOf(one.half));
  const wear = rng.chance(0.3) ? 'glasses' : 'bare';
  let texture: RgbaImage | undefined;
  return async (frame, time, prompts) => {
    texture ??= drawTexture(
      medium,
      portraits.length > 0 ? rng.pick(portraits) : await headPicture(actor, wear, AHEAD),
      ground,
    );
    const hold = hand(time, prompts);
    if (one.medium === 'cut-print') {
      const head = await headPicture(behind, 'bare', AHEAD, time % 2.6 < 0.15);
      const faceSize = (hold.size * medium.zoom) / medium.aspect;
      drawHeld(frame, head, { ...FLAT, x: hold.x, y: hold.y, size: faceSize * 0.94 });
    }
    drawHeld(frame, texture, hold);
  };
}

function replayedVideo(one: Extract<Case, { group: 'video' }>, rng: Rng, actor: Actor): Painter {
  const medium = drawMedium(one.medium, one.half, one.seed);
  const hand = drawHand(rng, 'still', mediumSize(rng, medium), 0);
  const textures = new Map<RgbaImage, RgbaImage>();
  const turnedAt = drawRecording(rng, one.recording);
  const ground = drawGround(rng);
  const wear = rng.chance(0.3) ? 'glasses' : 'bare';
  return async (frame, time, prompts) => {
    const turned = turnedAt(time, prompts);
    const face = await headPicture(actor, wear, turned, wear === 'bare' && time % 3.1 < 0.15);
    const texture = textures.get(face) ?? drawTexture(medium, face, ground);
    textures.set(face, texture);
    drawHeld(frame, texture, hand(time, prompts));
  };
}
