import { pickWeighted } from '@rounz/core/math/random.ts';
import type { Brush } from './brush.ts';
import { anyCloth } from './hat-fit.ts';
import { between, flat, MESH, type Point } from './head.ts';
import { type Rgb, shadow, shine } from './paint.ts';
import { mix, ribbon, smooth, star } from './shapes.ts';
import { cloth, valueNoise } from './texture.ts';

const OCCLUDERS = { scarf: 1, hand: 1, thing: 1, patch: 0.7 } as const;

/** A scarf, a hand, a cup or telephone before the mouth, or a soft patch anywhere. None of them is labelled. */
export function drawOccluder(brush: Brush): void {
  const kind = pickWeighted(brush.rng, OCCLUDERS);
  if (kind === 'scarf') drawScarf(brush);
  else if (kind === 'hand') drawHand(brush);
  else if (kind === 'thing') drawThing(brush);
  else drawPatch(brush);
}

function drawScarf({ head, rng, fill }: Brush): void {
  const top = between(head.point(MESH.underNose), head.point(MESH.chin), rng.between(0, 0.75));
  const v = ((top.x - head.bridge.x) * head.down.x + (top.y - head.bridge.y) * head.down.y) / head.scale;
  const rise = rng.between(-4, 12);
  const upper = [-1.6, -0.9, -0.45, 0, 0.45, 0.9, 1.6].map((u) =>
    head.onSkull(u, v - rise * u * u + rng.between(-1.5, 1.5)),
  );
  const outline = [...smooth(flat(upper), 3), ...flat([head.onSkull(1.9, 110), head.onSkull(-1.9, 110)])];
  const texture = cloth(head, rng, 0.4);
  fill([outline], { colour: anyCloth(rng), alpha: 1, ...(texture && { texture }) });
  for (let fold = 0; fold < 3 + rng.below(4); fold++) {
    const at = v + rng.between(4, 50);
    const bow = rng.between(-10, 14);
    const line = [-1.3, -0.5, 0.3, 1.3].map((u) =>
      head.onSkull(u, at + bow * (1 - u * u) + rng.between(-3, 3)),
    );
    fill(ribbon(smooth(flat(line), 3), rng.between(0.8, 3) * head.scale), shadow(rng.between(0.1, 0.4)), {
      soft: 3,
      within: [outline],
    });
  }
  fill(ribbon(smooth(flat(upper), 3), 1.2 * head.scale), rng.chance(0.5) ? shine(0.12) : shadow(0.25), {
    soft: 2,
  });
}

/** Fingers of the wearer's own colour from below or from one side. */
function drawHand({ head, scene, rng, fill }: Brush): void {
  const target = rng.pick([
    MESH.upperLip,
    MESH.lowerLip,
    MESH.noseTip,
    MESH.right.cheek,
    MESH.left.cheek,
    MESH.chin,
  ]);
  const tip = head.point(target);
  const angle = Math.PI / 2 + rng.between(-1.2, 1.2);
  const along = { x: Math.cos(angle), y: Math.sin(angle) };
  const aside = { x: -along.y, y: along.x };
  const width = rng.between(4, 6) * head.scale;
  const fingers = 2 + rng.below(3);
  const gain = rng.between(0.75, 1.1);
  const skin: Rgb = [scene.skin[0] * gain, scene.skin[1] * gain, scene.skin[2] * gain];
  const palm = { x: tip.x + along.x * 34 * head.scale, y: tip.y + along.y * 34 * head.scale };
  const reach = (fingers - 1) * width;
  const wrist = ribbon(
    [palm.x - along.x * 10, palm.y - along.y * 10, palm.x + along.x * 120, palm.y + along.y * 120],
    reach + width,
  );
  fill(wrist, { colour: skin, alpha: 1, lit: false });
  for (let i = 0; i < fingers; i++) {
    const side = (i - (fingers - 1) / 2) * width * 2;
    const back = Math.abs(i - 1.2) * rng.between(2, 5) * head.scale;
    const from: Point = {
      x: tip.x + aside.x * side + along.x * back,
      y: tip.y + aside.y * side + along.y * back,
    };
    const to: Point = { x: palm.x + aside.x * side * 0.9, y: palm.y + aside.y * side * 0.9 };
    const shape = [
      ...ribbon([from.x, from.y, to.x, to.y], [width * 0.95, width * 1.1]),
      star(from.x, from.y, width * 0.95, 8, 1, 0),
    ];
    fill(shape, shadow(0.3), { soft: 3 });
    const dark: Rgb = [skin[0] * 0.75, skin[1] * 0.68, skin[2] * 0.66];
    fill(shape, {
      colour: skin,
      alpha: 1,
      lit: false,
      gradient: {
        colour: dark,
        alpha: 1,
        from: { x: from.x - aside.x * width, y: from.y - aside.y * width },
        to: { x: from.x + aside.x * width, y: from.y + aside.y * width },
      },
    });
  }
}

/** A cup, a telephone, a microphone: a turned box or disc with an edge. */
function drawThing({ head, rng, fill }: Brush): void {
  const at = head.onFace(rng.between(-22, 22), rng.between(18, 62));
  const colour = anyCloth(rng);
  const radius = rng.between(8, 20) * head.scale;
  const long = radius * rng.between(1, 2.4);
  const turn = rng.between(-0.9, 0.9);
  const corner = (u: number, v: number) => [
    at.x + u * Math.cos(turn) - v * Math.sin(turn),
    at.y + u * Math.sin(turn) + v * Math.cos(turn),
  ];
  const box = [
    ...corner(-radius, -long),
    ...corner(radius, -long),
    ...corner(radius * 0.9, long),
    ...corner(-radius * 0.9, long),
  ];
  const shape = rng.chance(0.65) ? box : star(at.x, at.y, radius, 12, 1, 0);
  const [x0, y0] = corner(-radius, 0) as [number, number];
  const [x1, y1] = corner(radius, 0) as [number, number];
  const gain = rng.between(0.4, 1);
  const dark: Rgb = [colour[0] * gain, colour[1] * gain, colour[2] * gain];
  fill([shape], shadow(0.3), { soft: 5 });
  fill([shape], {
    colour,
    alpha: 1,
    gradient: { colour: dark, alpha: 1, from: { x: x0, y: y0 }, to: { x: x1, y: y1 } },
  });
  fill(ribbon(shape, 0.6 * head.scale, true), rng.chance(0.5) ? shine(0.2) : shadow(0.3));
}

function drawPatch({ head, rng, fill }: Brush): void {
  const at = head.onFace(rng.between(-38, 38), rng.between(-30, 60));
  const radius = rng.between(8, 22) * head.scale;
  const points = Array.from({ length: 8 }, (_, i) => {
    const reach = radius * rng.between(0.6, 1.3);
    return [at.x + Math.cos((i * Math.PI) / 4) * reach, at.y + Math.sin((i * Math.PI) / 4) * reach * 0.8];
  }).flat();
  const noise = valueNoise(rng, rng.between(2, 9) * head.scale);
  const depth = rng.between(0, 0.9);
  const texture = (x: number, y: number) => mix(1, 0.4 + 1.2 * noise(x, y), depth);
  fill(
    [smooth(points, 4, true)],
    { colour: anyCloth(rng), alpha: rng.between(0.7, 1), texture },
    { soft: rng.between(0, 5) },
  );
}

/** Hair over the forehead: a mass from the hairline, then strands of several lengths, in the colour of the hair above. */
export function drawFringe({ head, scene, rng, fill }: Brush): void {
  const natural: readonly Rgb[] = [
    [24, 20, 18],
    [52, 36, 26],
    [96, 66, 42],
    [150, 116, 74],
  ];
  const base = rng.chance(0.8) ? scene.hair : rng.pick(natural);
  const parting = rng.between(-0.9, 0.9);
  const end = rng.between(-30, -9);
  const curtain = rng.between(0, 16);
  const gap = rng.chance(0.4) ? rng.between(4, 14) : 0;
  const reach = (u: number) =>
    end + curtain * Math.abs(u - parting) - gap * Math.max(0, 1 - 4 * Math.abs(u - parting));
  const root = [-1, -0.5, 0, 0.5, 1].map((u) => head.onSkull(u, -58));
  const mass = [1, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75, -1].map((u) =>
    head.onSkull(u * 0.98, reach(u) - 8),
  );
  fill(
    [flat([...root, ...mass])],
    { colour: base, alpha: 1, texture: valueNoise(rng, 2.5 * head.scale), lit: false },
    { soft: 2 },
  );
  const strands = 22 + rng.below(16);
  for (let i = 0; i < strands; i++) {
    const u = rng.between(-1, 1);
    const sweep = (u - parting) * rng.between(0, 0.3);
    const low = reach(u) + rng.between(-7, 6);
    const line = [
      head.onSkull(u * 0.8 - sweep, -56),
      head.onSkull(u * 0.92, mix(-56, low, 0.55)),
      head.onSkull(u * 0.95 + sweep, low),
    ];
    const gain = rng.between(0.55, 1.35);
    const wide = rng.between(0.8, 2.6) * head.scale;
    const points = smooth(flat(line), 4);
    const taper = Array.from(
      { length: points.length / 2 },
      (_, k) => wide * (1 - (k / (points.length / 2)) ** 2) + 0.15,
    );
    const colour: Rgb = [base[0] * gain + 3, base[1] * gain + 3, base[2] * gain + 3];
    fill(ribbon(points, taper), { colour, alpha: rng.between(0.5, 1), lit: false });
  }
}
