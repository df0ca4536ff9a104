import { pickWeighted, type Rng } from '@rounz/core/math/random.ts';
import type { Brush } from './brush.ts';
import type { Head, Point } from './head.ts';
import type { Rgb, Texture } from './paint.ts';
import { cloth, knit } from './texture.ts';

const HATS = { cap: 5, backwards: 0.8, beanie: 2.5, bucket: 1.6, brimmed: 2, hood: 0.8, visor: 0.5 } as const;
type HatKind = keyof typeof HATS;

/** Cloth colours that hats come in: mostly black, white, navy, grey, then anything. */
const CLOTHS: readonly Rgb[] = [
  [18, 18, 20],
  [18, 18, 20],
  [30, 34, 56],
  [30, 34, 56],
  [225, 224, 220],
  [120, 120, 124],
  [70, 72, 76],
  [196, 178, 146],
  [128, 32, 38],
  [190, 40, 44],
  [40, 66, 46],
  [84, 84, 56],
  [60, 96, 160],
  [226, 180, 60],
  [222, 140, 160],
  [92, 62, 42],
];

export function anyCloth(rng: Rng): Rgb {
  const [r, g, b] = rng.chance(0.75)
    ? rng.pick(CLOTHS)
    : ([rng.below(256), rng.below(256), rng.below(256)] as const);
  const gain = rng.between(0.8, 1.2);
  return [r * gain, g * gain, b * gain];
}

/** Where a hat sits: u in half widths of the head, v in face pixels below the eyes (negative: above). */
export interface HatFit {
  readonly kind: HatKind;
  readonly colour: Rgb;
  readonly texture: Texture | undefined;
  /** height of the band at the front; brows are at -13, the mesh's forehead ends at -30 */
  readonly band: number;
  /** how much lower the band is at the sides; a band above the camera bows up at the front */
  readonly sag: number;
  /** half width at the band, in half widths of the head */
  readonly width: number;
  /** height of the top */
  readonly top: number;
  /** shift of everything at the front with the face's turn, half widths */
  readonly front: number;
  /** tilt, half widths up per half width across */
  readonly tilt: number;
}

/** Draws a kind of hat, its cloth and its seat at random. */
export function drawHatFit({ head, rng }: Brush): HatFit {
  const kind = pickWeighted(rng, HATS);
  const low = kind === 'beanie' ? rng.between(-28, -12) : rng.between(-30, -16);
  return {
    kind,
    colour:
      kind === 'brimmed' && rng.chance(0.4)
        ? rng.pick<Rgb>([
            [196, 170, 120],
            [222, 206, 170],
            [150, 116, 74],
          ])
        : anyCloth(rng),
    texture: kind === 'beanie' && rng.chance(0.7) ? knit(head, rng) : cloth(head, rng, 0.18),
    band: low,
    sag: kind === 'beanie' ? rng.between(-2, 12) : rng.between(-3, 9),
    width: rng.between(1.04, 1.2) + (kind === 'brimmed' ? -0.02 : 0),
    top: rng.between(-84, -66),
    front: head.turn * 0.35,
    tilt: rng.between(-2.5, 2.5),
  };
}

/** The band at u (-1..1 of the hat's width). */
export function bandAt(head: Head, fit: HatFit, u: number, drop = 0): Point {
  return head.onSkull(u * fit.width, fit.band + fit.sag * u * u + fit.tilt * u + drop);
}

/** Evenly from -1 to 1. */
export const across = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1);
