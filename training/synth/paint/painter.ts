import { CAP_COLOURS } from '../accessory/cap.ts';
import { frameModel } from '../accessory/eyewear.ts';
import { createScalpMask } from '../hair/scalp.ts';
import { clamp, fromSrgb, mix, smooth } from '../math.ts';
import type { Mesh } from '../mesh.ts';
import { noise } from '../noise.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import {
  MASK_COLOURS,
  paintBody,
  paintCap,
  paintCollar,
  paintEar,
  paintHair,
  paintMask,
} from './materials.ts';
import { createSkinPainter } from './skin.ts';
import { reset, type Surface } from './surface.ts';

/** Paints any point of a scene from its place at rest and its mesh's attributes. */
export type Painter = (
  s: Surface,
  mesh: Mesh,
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
  c: number,
) => void;

const STRAP = fromSrgb(232, 232, 232);
const DARK_STRAP = fromSrgb(52, 52, 54);
const kinds = ['glasses', 'horn-rimmed', 'sunglasses'] as const;
const frameOf = (tag: number) => frameModel(kinds[tag >> 4] ?? 'glasses', tag & 15);
const cycle = <T>(items: readonly T[], i: number): T =>
  items[((i % items.length) + items.length) % items.length]!;

/** What the colours of a scene depend on, whatever is modelled of it. */
interface Painted {
  readonly identity: Identity;
  readonly expression: Expression;
}

export function createPainter({ identity, expression }: Painted, pixel: number): Painter {
  const skin = createSkinPainter(identity, expression, pixel);
  const scalp = createScalpMask(identity);
  return (s, mesh, x, y, z, a, b, c) => {
    switch (mesh.material) {
      case 'skin':
        return skin(s, x, y, z, y > -0.9 ? scalp(x, y, z) : 0);
      case 'ear':
        return paintEar(s, identity, x, y, z, a, c);
      case 'body':
        return paintBody(s, identity, x, y, z, a);
      case 'collar':
        return paintCollar(s, identity, a, x, y, z);
      case 'hair':
        return paintHair(s, identity, x, y, z, a, b, mesh.tag === 1 ? 9999 : c);
      case 'frame':
        return paintFrame(s, mesh.tag ?? 0, x, y, z);
      case 'lens':
        return paintLens(s, mesh.tag ?? 0, a, b);
      case 'cap':
        return paintCap(s, cycle(CAP_COLOURS, mesh.tag ?? 0), x, y, z, a, b);
      case 'mask':
        return paintMask(s, cycle(MASK_COLOURS, mesh.tag ?? 0), x, y, z, b, (mesh.tag ?? 0) % 2 === 0);
      case 'strap':
        return reset(s, cycle(MASK_COLOURS, mesh.tag ?? 0)[0] < 0.2 ? DARK_STRAP : STRAP);
    }
  };
}

function paintFrame(s: Surface, tag: number, x: number, y: number, z: number): void {
  const model = frameOf(tag);
  const mottled = model.metal ? 1 : mix(0.7, 1.35, smooth(0.35, 0.7, noise(x * 9, y * 9, z * 9)));
  reset(s, [model.colour[0] * mottled, model.colour[1] * mottled, model.colour[2] * mottled]);
  s.gloss = model.metal ? 0.9 : 0.45;
  s.sharp = model.metal ? 24 : 40;
  s.wrap = 0.15;
}

/** Lens: nearly clear with the reflection of a window, or dark with a lighter lower half. */
function paintLens(s: Surface, tag: number, a: number, b: number): void {
  const model = frameOf(tag);
  // one window, seen at the same place of both lenses, in the upper half where it hides no pupil
  const slant = a * 0.6 + b;
  const streak =
    smooth(0.42, 0.55, slant) * smooth(0.95, 0.8, slant) +
    0.5 * smooth(1.02, 1.08, slant) * smooth(1.3, 1.2, slant);
  if (model.lens === 'clear') {
    reset(s, [0.92, 0.95, 0.98]);
    s.opacity = clamp(0.025 + 0.13 * streak);
    s.glow = 0.1 * streak;
  } else {
    const brown = model.lens === 'brown';
    reset(s, brown ? [0.05, 0.03, 0.018] : [0.014, 0.014, 0.017]);
    s.opacity = mix(brown ? 0.84 : 0.92, 0.97, smooth(-0.7, 0.6, b));
    s.glow = 0.05 * streak + 0.035 * smooth(-0.2, 1, b);
  }
  s.gloss = 0.35;
  s.sharp = 60;
}
