import { createCanvas } from '@napi-rs/canvas';
import type { BrowserContext } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { drawMedium, drawTexture } from '../../training/attacks/media.ts';
import { drawHeld, FLAT, type Hold } from '../../training/attacks/surface.ts';
import { drawnOnce } from '../../training/synth/output/frames.ts';
import { createIdentity } from '../../training/synth/person/identity.ts';
import { renderPerson } from '../../training/synth/render/render.ts';

const FRAME = { width: 640, height: 480, wall: [204, 208, 210] } as const;
/** Side of the rendered cut-out, pixels. */
const HEAD = 480;
const PLACES = ['ahead', 'left', 'right', 'up', 'down'] as const;
type Place = (typeof PLACES)[number];
/** A visitor's pictures: those on the way to each place, the last one there. JPEG. */
type Pictures = Readonly<Record<Place, readonly Buffer[]>>;

/** To the picture's right and upwards, shares of the whole way. */
const TO: Readonly<Record<Place, readonly [x: number, y: number]>> = {
  ahead: [0, 0],
  left: [1, 0],
  right: [-1, 0],
  up: [0, 1],
  down: [0, -1],
};
const WAY_THERE = [0.5, 1];

async function picturesOf(draw: (x: number, y: number) => Promise<Buffer>): Promise<Pictures> {
  const drawn = PLACES.map(async (place) => {
    const [x, y] = TO[place];
    const shares = place === 'ahead' ? [0] : WAY_THERE;
    return [place, await Promise.all(shares.map((share) => draw(share * x, share * y)))] as const;
  });
  return Object.fromEntries(await Promise.all(drawn)) as Record<Place, Buffer[]>;
}

/** Head and shoulders of a rendered person on a transparent ground. Degrees. */
async function head(seed: number, yaw: number, pitch: number) {
  const canvas = await drawnOnce(`actor-${seed}-${yaw}_${pitch}`, HEAD, () =>
    renderPerson(createIdentity(seed), {
      width: HEAD,
      height: HEAD,
      background: { kind: 'transparent' },
      pose: { yaw, pitch, roll: 0 },
    }),
  );
  const { data } = canvas.getContext('2d').getImageData(0, 0, HEAD, HEAD);
  return { data, width: HEAD, height: HEAD };
}

function framed(picture: Awaited<ReturnType<typeof head>>, hold: Partial<Hold>): Buffer {
  const canvas = createCanvas(FRAME.width, FRAME.height);
  const context = canvas.getContext('2d');
  context.fillStyle = `rgb(${FRAME.wall.join()})`;
  context.fillRect(0, 0, FRAME.width, FRAME.height);
  const frame = context.getImageData(0, 0, FRAME.width, FRAME.height);
  drawHeld(frame, picture, { ...FLAT, ...hold });
  context.putImageData(frame, 0, 0);
  return canvas.toBuffer('image/jpeg', 92);
}

/** A rendered person who turns their head by 28 degrees and nods by 26. */
export const turningHead = (seed: number): Promise<Pictures> =>
  picturesOf(async (x, y) => framed(await head(seed, 28 * x, 26 * y), { size: 0.98, y: 0.01 }));

/** The same person's portrait on a printed sheet, which a hand turns and tilts. */
export async function turnedPhotograph(seed: number): Promise<Pictures> {
  const texture = drawTexture(
    drawMedium('print', 'test', seed),
    await head(seed, 0, 0),
    'rgb(190, 196, 200)',
  );
  return picturesOf(async (x, y) => framed(texture, { size: 0.95, yaw: 45 * x, pitch: 40 * y }));
}

/**
 * Puts a visitor before the kiosk's camera who reads its screen: turns where the arrow points and comes back.
 *
 * @param slower by how much the page's clock is slowed, and the visitor with it: a busy computer then sees as many frames of a turn
 * as an idle one
 */
export async function raiseActor(context: BrowserContext, pictures: Pictures, slower: number): Promise<void> {
  const encoded = PLACES.map(
    (place) => [place, pictures[place].map((jpeg) => jpeg.toString('base64'))] as const,
  );
  await context.addInitScript(slowDown, slower);
  await context.addInitScript(actInPage, { encoded, testId: TEST_IDS.turn, step: 160 * slower });
}

/** Runs in the page, before it: its clock (`systemClock`) goes slower than the computer's. */
function slowDown(slower: number): void {
  const now = performance.now.bind(performance);
  const wait = window.setTimeout.bind(window);
  performance.now = () => now() / slower;
  window.setTimeout = ((task: () => void, ms = 0) => wait(task, ms * slower)) as typeof window.setTimeout;
}

interface Act {
  readonly encoded: readonly (readonly [place: string, jpegs: readonly string[]])[];
  /** of the element whose `data-sign` says where to turn */
  readonly testId: string;
  /** milliseconds between two pictures of a turn */
  readonly step: number;
}

/** Runs in the page: moves a picture at a time towards where the screen points, by way of looking ahead. */
function actInPage({ encoded, testId, step }: Act): void {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 640, height: 480 });
  const context = canvas.getContext('2d')!;
  const decode = (jpeg: string) =>
    createImageBitmap(
      new Blob([Uint8Array.from(atob(jpeg), (byte) => byte.charCodeAt(0))], { type: 'image/jpeg' }),
    );
  const decoded = Promise.all(
    encoded.map(async ([place, jpegs]) => [place, await Promise.all(jpegs.map(decode))] as const),
  ).then((list) => new Map(list));
  let place = 'ahead';
  let there = 0;
  let turn = 0;
  const move = (wanted: string, most: number) => {
    if (place !== wanted && there > 0) there -= 1;
    else {
      place = wanted;
      there = Math.min(most, there + 1);
    }
  };
  const draw = async () => {
    const pictures = await decoded;
    const sign = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.dataset['sign'] ?? 'ahead';
    move(sign, sign === 'ahead' ? 0 : pictures.get(sign)!.length);
    const shown = there === 0 ? pictures.get('ahead')![0]! : pictures.get(place)![there - 1]!;
    // Nobody stands as still as a picture.
    turn += 1;
    context.drawImage(shown, 2 * Math.sin(turn / 3), 1.5 * Math.cos(turn / 4));
  };
  setInterval(() => void draw(), step);
  navigator.mediaDevices.getUserMedia = async () => {
    await draw();
    return canvas.captureStream();
  };
}
