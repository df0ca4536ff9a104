import type { Head } from '../head/head.ts';
import { clamp, fromSrgb, mix, type Rgb, type Vec3 } from '../math.ts';
import { gridMesh, type Mesh, tubeMesh } from '../mesh.ts';
import type { Identity } from '../person/identity.ts';
import type { Eyewear } from './accessory.ts';

/** A frame's front and material; lengths in units of 100 mm. */
export interface FrameModel {
  readonly name: string;
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** exponent of the outline: 2 round, more is squarer */
  readonly power: number;
  /** narrows the lower half: 0 none .. 0.4 aviator */
  readonly drop: number;
  /** raises the outer corner */
  readonly sweep: number;
  /** half-thickness of the rim in the picture and towards the viewer */
  readonly rim: number;
  readonly depth: number;
  readonly colour: Rgb;
  /** metal shines more */
  readonly metal: boolean;
  readonly lens: 'clear' | 'dark' | 'brown';
}

const metal = { rim: 0.0135, depth: 0.013, metal: true, lens: 'clear' } as const;
const acetate = { rim: 0.034, depth: 0.026, metal: false, lens: 'clear' } as const;

/** The models of each kind, after common shop ranges. */
export const FRAMES: Readonly<Record<Exclude<Eyewear, 'none'>, readonly FrameModel[]>> = {
  glasses: [
    {
      ...metal,
      name: 'round',
      halfWidth: 0.24,
      halfHeight: 0.215,
      power: 2.1,
      drop: 0,
      sweep: 0,
      colour: fromSrgb(92, 88, 84),
    },
    {
      ...metal,
      name: 'panto',
      halfWidth: 0.25,
      halfHeight: 0.205,
      power: 2.4,
      drop: 0.14,
      sweep: 0.01,
      colour: fromSrgb(176, 134, 84),
    },
    {
      ...metal,
      name: 'rectangle',
      halfWidth: 0.265,
      halfHeight: 0.165,
      power: 3.6,
      drop: 0.06,
      sweep: 0.01,
      colour: fromSrgb(58, 60, 66),
    },
  ],
  'horn-rimmed': [
    {
      ...acetate,
      name: 'wellington',
      halfWidth: 0.255,
      halfHeight: 0.195,
      power: 3.2,
      drop: 0.16,
      sweep: 0.02,
      colour: fromSrgb(30, 26, 25),
    },
    {
      ...acetate,
      name: 'boston',
      halfWidth: 0.245,
      halfHeight: 0.21,
      power: 2.4,
      drop: 0.12,
      sweep: 0.01,
      colour: fromSrgb(84, 52, 32),
    },
    {
      ...acetate,
      name: 'square',
      halfWidth: 0.26,
      halfHeight: 0.185,
      power: 4,
      drop: 0.06,
      sweep: 0.01,
      colour: fromSrgb(44, 36, 34),
    },
  ],
  sunglasses: [
    {
      ...acetate,
      name: 'wayfarer',
      halfWidth: 0.275,
      halfHeight: 0.215,
      power: 3,
      drop: 0.18,
      sweep: 0.03,
      rim: 0.03,
      colour: fromSrgb(24, 23, 24),
      lens: 'dark',
    },
    {
      ...metal,
      name: 'aviator',
      halfWidth: 0.285,
      halfHeight: 0.25,
      power: 2.5,
      drop: 0.32,
      sweep: 0,
      colour: fromSrgb(168, 136, 88),
      lens: 'brown',
    },
    {
      ...acetate,
      name: 'round',
      halfWidth: 0.265,
      halfHeight: 0.24,
      power: 2.2,
      drop: 0.05,
      sweep: 0,
      rim: 0.026,
      colour: fromSrgb(58, 36, 26),
      lens: 'dark',
    },
  ],
};

/** Distance from the skin to the back of a lens, curvature of the front, tilt of the lower edge to the face. */
const FIT = { clearance: 0.055, curve: 0.16, tilt: 0.1, centreY: -0.025, bridge: 0.075 } as const;

export const frameModel = (kind: Exclude<Eyewear, 'none'>, variant: number): FrameModel => {
  const models = FRAMES[kind];
  return models[((variant % models.length) + models.length) % models.length]!;
};

/** Offset from the lens's middle to its rim at an angle. */
function outline(model: FrameModel, side: number, angle: number): readonly [number, number] {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const r = 1 / (Math.abs(c) ** model.power + Math.abs(s) ** model.power) ** (1 / model.power);
  let x = model.halfWidth * c * r;
  const y = model.halfHeight * s * r;
  const low = clamp(-y / model.halfHeight);
  // the lower half narrows from the nose's side
  x += model.drop * model.halfWidth * low * (c < 0 ? 0.75 : -0.35) * Math.abs(c);
  return [side * x, y + model.sweep * (x / model.halfWidth)];
}

/** Frame, temples and lenses, laid before the face so that no part of a lens meets the skin. */
export function buildEyewear(
  identity: Identity,
  head: Head,
  kind: Exclude<Eyewear, 'none'>,
  variant: number,
): Mesh[] {
  const model = frameModel(kind, variant);
  const cx = model.halfWidth + FIT.bridge;
  const z = fitDepth(model, head, cx);
  const at = (x: number, y: number): Vec3 => [x, FIT.centreY + y, z(x, y)];
  const tag = ['glasses', 'horn-rimmed', 'sunglasses'].indexOf(kind) * 16 + variant;
  const parts: Mesh[] = [];
  for (const side of [-1, 1]) {
    const rim = Array.from({ length: 65 }, (_, i) => {
      const [dx, dy] = outline(model, side, (i / 64) * 2 * Math.PI);
      return at(side * cx + dx, dy);
    });
    const brow = (v: number): number =>
      model.rim * (model.metal ? 1 : 1 + 0.35 * Math.max(0, Math.sin(v * 2 * Math.PI)));
    parts.push(
      tubeMesh(rim, brow, { material: 'frame', depth: model.depth, closed: true, tag, flip: side < 0 }),
    );
    parts.push(
      gridMesh(
        65,
        10,
        (u, v) => {
          const [dx, dy] = outline(model, side, u * 2 * Math.PI);
          const p = at(side * cx + dx * v, dy * v);
          return [
            p[0],
            p[1],
            p[2] + 0.012 * (1 - v * v),
            (dx * v) / model.halfWidth,
            (dy * v) / model.halfHeight,
          ];
        },
        { material: 'lens', glass: true, shadow: model.lens !== 'clear', tag, flip: side > 0 },
      ),
    );
    parts.push(
      temple(
        identity,
        head,
        model,
        side,
        at(side * (cx + model.halfWidth * 0.97), model.halfHeight * 0.42),
        tag,
      ),
    );
  }
  const bridge = Array.from({ length: 9 }, (_, i) => {
    const t = i / 4 - 1;
    const p = at(t * (FIT.bridge + 0.015), model.halfHeight * 0.3 + 0.022 * (1 - t * t));
    return [p[0], p[1], p[2] + 0.012 * (1 - t * t)] as const;
  });
  parts.push(
    tubeMesh(bridge, model.metal ? model.rim : model.rim * 0.85, {
      material: 'frame',
      depth: model.depth,
      tag,
    }),
  );
  if (model.name === 'aviator') {
    const bar = Array.from({ length: 9 }, (_, i) =>
      at((i / 4 - 1) * (FIT.bridge + 0.1), model.halfHeight * 0.8),
    );
    parts.push(tubeMesh(bar, model.rim, { material: 'frame', tag }));
  }
  return parts;
}

/** Height field of the front: the foremost skin behind any part of a lens decides where it sits. */
function fitDepth(model: FrameModel, head: Head, cx: number): (x: number, y: number) => number {
  const shape = (x: number, y: number): number => FIT.tilt * y - FIT.curve * x * x;
  let rest = -1;
  for (let i = 0; i < 24; i++) {
    for (const v of [0.3, 0.65, 1.04]) {
      const [dx, dy] = outline(model, 1, (i / 24) * 2 * Math.PI);
      const x = cx + dx * v;
      const y = dy * v;
      // pads, not the lens, rest on the nose
      if (x < 0.14) continue;
      rest = Math.max(rest, head.frontZ(x, FIT.centreY + y) - shape(x, y));
    }
  }
  rest = Math.max(rest, head.frontZ(0, FIT.centreY + 0.06) - 0.03);
  return (x, y) => rest + FIT.clearance + shape(x, y);
}

/** Arm from the hinge over the ear, bent outwards where the head is broader. */
function temple(
  identity: Identity,
  head: Head,
  model: FrameModel,
  side: number,
  hinge: Vec3,
  tag: number,
): Mesh {
  const earX = head.radius.towards(side, -0.05, -0.06) + 0.02;
  const end: Vec3 = [side * earX, 0.05 * identity.shape.earSize, -0.12];
  const path: Vec3[] = [];
  for (let i = 0; i <= 14; i++) {
    const t = i / 14;
    const y = mix(hinge[1], end[1], t);
    const z = mix(hinge[2], end[2], t);
    const straight = mix(Math.abs(hinge[0]) + 0.02, earX, Math.min(1, t * 1.6));
    path.push([side * Math.max(straight, clearOf(head, y, z)), y, z]);
  }
  path.unshift([hinge[0] - side * 0.02, hinge[1], hinge[2]]);
  path.push([side * (earX - 0.01), end[1] - 0.16, -0.24], [side * (earX - 0.02), end[1] - 0.3, -0.28]);
  return tubeMesh(path, model.metal ? 0.014 : 0.016, {
    material: 'frame',
    depth: model.metal ? 0.014 : 0.042,
    tag,
  });
}

/** Smallest x at which a point of a height and depth lies outside the head. */
function clearOf(head: Head, y: number, z: number): number {
  let x = 0.45;
  while (x < 1 && head.field(x, y, z) < 0.022) x += 0.01;
  return x;
}
