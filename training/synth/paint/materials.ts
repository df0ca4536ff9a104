import { bell, clamp, fromSrgb, mix, type Rgb, smooth } from '../math.ts';
import { fractal, hash2, noise, noise2 } from '../noise.ts';
import { CUTS } from '../person/hair-cuts.ts';
import type { Identity } from '../person/identity.ts';
import { paintPlainSkin } from './skin.ts';
import { dim, reset, type Surface, stain } from './surface.ts';

/** Hair: strands along a lock; `a` across it (-1..1), `b` along it, `c` the lock's number. */
export function paintHair(
  s: Surface,
  identity: Identity,
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
  c: number,
): void {
  const { hair } = identity;
  const { curl } = CUTS[hair.cut];
  reset(s, hair.colour);
  const own = hash2(Math.round(c), hair.seed);
  const strands =
    noise2(a * 5 + own * 91, b * 2.2 + own * 17) * 0.55 + noise2(a * 15 + own * 47, b * 3 + own * 5) * 0.45;
  const frizz = fractal(x * 14, y * 14, z * 14);
  const grain = mix(strands, frizz, curl * 0.6);
  dim(s, (0.5 + 0.85 * grain) * (0.78 + 0.44 * own));
  s.r += 0.004;
  s.g += 0.0035;
  s.b += 0.0035;
  s.gloss = mix(0.42, 0.1, curl) * (0.3 + grain);
  s.sharp = 26;
  s.strand = true;
  s.wrap = 0.3;
  s.open = mix(0.75, 1, clamp(1 - Math.abs(a) * 0.4));
}

/** Ear: `a` from the middle to the rim, `b` height, `c` the shell's relief. */
export function paintEar(
  s: Surface,
  identity: Identity,
  x: number,
  y: number,
  z: number,
  a: number,
  c: number,
): void {
  paintPlainSkin(s, identity, x, y, z, 0.35);
  stain(s, 0.6, 0.42, 0.38, 0.75 * smooth(0.55, 0.1, a));
  stain(s, 0.74, 0.58, 0.54, 0.4 * bell(a - 0.74, 0.06));
  s.open = mix(0.6, 1, smooth(-0.8, 0.4, c));
}

/** Neck and clothes; `below` is how far under the neckline the point lies. */
export function paintBody(
  s: Surface,
  identity: Identity,
  x: number,
  y: number,
  z: number,
  below: number,
): void {
  if (below <= 0) {
    paintPlainSkin(s, identity, x, y, z, 0.1);
    if (z > 0.1)
      stain(
        s,
        0.88,
        0.78,
        0.74,
        0.35 * bell(y + 1.5, 0.06) * smooth(0.04, 0.2, Math.abs(x)) * smooth(0.55, 0.4, Math.abs(x)),
      );
    return;
  }
  const { clothes } = identity;
  reset(s, clothes.colour);
  const weave =
    clothes.kind === 'turtleneck'
      ? 0.88 + 0.14 * Math.abs(Math.sin(x * 46))
      : 0.95 + 0.08 * noise(x * 60, y * 60, z * 60);
  const creases = 1 + 0.2 * (fractal(x * 2.2 + 3, y * 1.3, z * 2) - 0.5);
  dim(s, weave * creases * mix(0.55, 1, smooth(0, 0.05, below)));
  s.wrap = 0.3;
  if (clothes.kind === 'shirt' && z > 0) paintPlacket(s, x, y);
  if (clothes.kind === 'hoodie' && z > 0.2) paintCords(s, x, y);
}

function paintPlacket(s: Surface, x: number, y: number): void {
  stain(s, 0.72, 0.72, 0.74, 0.8 * bell(x - 0.07, 0.012) + 0.5 * bell(x + 0.07, 0.008));
  const button = Math.hypot(x, ((((y + 1.9) % 0.42) + 0.42) % 0.42) - 0.21);
  stain(s, 0.5, 0.5, 0.52, 0.8 * smooth(0.035, 0.025, button));
}

function paintCords(s: Surface, x: number, y: number): void {
  const cord = bell(Math.abs(x) - 0.24 - 0.02 * Math.sin(y * 7), 0.022) * smooth(-2.5, -2.46, y);
  if (cord <= 0.3) return;
  s.r = mix(s.r, 0.7, cord);
  s.g = mix(s.g, 0.7, cord);
  s.b = mix(s.b, 0.68, cord);
}

/** Rolled edge of the clothes. */
export function paintCollar(
  s: Surface,
  identity: Identity,
  u: number,
  x: number,
  y: number,
  z: number,
): void {
  reset(s, identity.clothes.colour);
  const rib =
    identity.clothes.kind === 'hoodie'
      ? 0.95 + 0.08 * noise(x * 40, y * 40, z * 40)
      : 0.9 + 0.12 * Math.abs(Math.sin(Math.atan2(x, z + 0.1) * 60));
  dim(s, rib * mix(0.8, 1.02, Math.abs(u - 0.5) * 2));
  s.wrap = 0.3;
}

/** Cap: panels meet in seams; `a` angle around, `b` 0 at the edge .. 1 at the button, above 2 the brim. */
export function paintCap(
  s: Surface,
  colour: Rgb,
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
): void {
  reset(s, colour);
  dim(s, 0.94 + 0.1 * noise(x * 70, y * 70, z * 70));
  if (b < 2) {
    const panel = Math.abs((((((a * 3) / Math.PI) % 1) + 1) % 1) - 0.5);
    stain(s, 0.6, 0.6, 0.6, 0.8 * smooth(0.47, 0.495, panel) * smooth(1, 0.9, b));
    stain(s, 0.72, 0.72, 0.72, 0.7 * bell(b - 0.1, 0.012));
  } else {
    const row = Math.abs((((b - 2) * 6) % 1) - 0.5);
    stain(s, 0.82, 0.82, 0.82, 0.6 * smooth(0.42, 0.49, row));
  }
  s.wrap = 0.25;
}

/** Colours of masks as sold: white, black, light blue. */
export const MASK_COLOURS: readonly Rgb[] = [
  fromSrgb(240, 241, 242),
  fromSrgb(46, 47, 50),
  fromSrgb(172, 203, 222),
];

/** Mask: `a` across, `b` height from 0 (lower edge) to 1 (upper edge). */
export function paintMask(
  s: Surface,
  colour: Rgb,
  x: number,
  y: number,
  z: number,
  b: number,
  folded: boolean,
): void {
  reset(s, colour);
  dim(s, 0.96 + 0.05 * noise(x * 80, y * 80, z * 80));
  const pleats = folded
    ? 0.5 * (bell(b - 0.34, 0.012) + bell(b - 0.7, 0.012))
    : 0.5 * (bell(b - 0.32, 0.02) + bell(b - 0.5, 0.02) + bell(b - 0.68, 0.02));
  stain(s, 0.7, 0.72, 0.74, pleats);
  stain(s, 0.8, 0.82, 0.84, 0.7 * (bell(b - 0.955, 0.012) + bell(b - 0.05, 0.012)));
  s.wrap = 0.35;
}
