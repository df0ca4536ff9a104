import type { Brush } from './brush.ts';
import { drawGlassesDesign, type GlassesDesign, type GlassesKind } from './glasses-design.ts';
import { between, distance, flat, MESH, MILLIMETRE, type Point, SIDES, type Side } from './head.ts';
import { lensOutline } from './lens.ts';
import { type Paint, type Rgb, shadow, shine } from './paint.ts';
import type { Polygon } from './raster.ts';
import { mix, ribbon, smooth } from './shapes.ts';

/** Draws a random pair of glasses of one kind. */
export function drawGlasses(brush: Brush, kind: GlassesKind): void {
  const design = drawGlassesDesign(brush, kind);
  const place = placer(brush, design);
  const lenses = lensPolygons(design, place);
  contactShadow(brush, design, place);
  for (const side of SIDES) drawTemple(brush, design, place, side);
  for (const lens of lenses) drawLens(brush, design, lens);
  drawRims(brush, design, place);
  if (!design.shield) drawBridge(brush, design, place);
}

type Placer = (u: number, v: number) => Point;

/** From the frame's own plane to the face: tilt, then slip, then the face's foreshortening. */
function placer({ head }: Brush, { tilt, slip }: GlassesDesign): Placer {
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  // The frame stands about 12 mm before the eyes, so a turned head carries it towards where the face looks.
  const lead = head.turn * 12 * MILLIMETRE;
  return (u, v) => head.onFace(u * cos - v * sin + lead, u * sin + v * cos + slip);
}

const outward = (side: Side): -1 | 1 => (side === 'right' ? -1 : 1);
const lensCentre = ({ bridge, shape }: GlassesDesign): number => bridge / 2 + shape.halfWidth;

function outline(design: GlassesDesign, place: Placer, side: Side, grow: number): number[] {
  const sign = outward(side);
  const centre = lensCentre(design);
  return flat(lensOutline(design.shape, grow).map(({ out, down }) => place(sign * (centre + out), down)));
}

function lensPolygons(design: GlassesDesign, place: Placer): Polygon[] {
  if (!design.shield) return SIDES.map((side) => outline(design, place, side, 0));
  const reach = lensCentre(design) + design.shape.halfWidth + 2;
  const high = design.shape.halfHeight * 0.8;
  const corners: [number, number][] = [
    [-1, -0.7],
    [-0.6, -1],
    [0, -0.95],
    [0.6, -1],
    [1, -0.7],
    [0.98, 0.3],
    [0.6, 1],
    [0.25, 0.9],
    [0, 0.15],
    [-0.25, 0.9],
    [-0.6, 1],
    [-0.98, 0.3],
  ];
  return [smooth(flat(corners.map(([u, v]) => place(u * reach, v * high))), 4, true)];
}

function contactShadow({ head, rng, fill }: Brush, design: GlassesDesign, place: Placer): void {
  const { scale } = head;
  const strength = design.kind === 'glasses' ? rng.between(0, 0.12) : rng.between(0.08, 0.3);
  const dx = rng.between(-1.5, 1.5) * scale;
  const dy = rng.between(0.5, 3) * scale;
  const moved = SIDES.map((side) =>
    outline(design, place, side, 0.5).map((value, i) => value + (i % 2 === 0 ? dx : dy)),
  );
  const rings =
    design.kind === 'sunglasses'
      ? moved
      : moved.flatMap((one) => ribbon(one, (design.rimTop + 0.6) * scale, true));
  fill(rings, shadow(strength), { soft: 3 * scale });
}

/** From the hinge to the ear, where the head's side is to be seen; the far temple of a turned head hides behind it. */
function drawTemple({ head, fill }: Brush, design: GlassesDesign, place: Placer, side: Side): void {
  const sign = outward(side);
  const hinge = place(
    sign * (lensCentre(design) + design.shape.halfWidth + design.rimTop),
    -design.shape.halfHeight * 0.45,
  );
  const mesh = MESH[side];
  const edge = between(head.point(mesh.temple), head.point(mesh.ear), 0.25);
  const visible = ((edge.x - hinge.x) * head.across.x + (edge.y - hinge.y) * head.across.y) * sign;
  if (visible < 0.5 * head.scale) return;
  const width = Math.max(0.5, design.rimTop * 0.9, design.kind === 'hornRimmed' ? 1 : 0) * head.scale;
  const over = {
    x: edge.x + sign * head.across.x * 1.5 * head.scale,
    y: edge.y + sign * head.across.y * 1.5 * head.scale,
  };
  fill(ribbon([hinge.x, hinge.y, over.x, over.y], [width, width * 0.7]), design.frame);
}

function drawLens(brush: Brush, design: GlassesDesign, lens: Polygon): void {
  const { head, fill } = brush;
  const { lens: tint } = design;
  const middle = head.onFace(0, design.slip);
  const reach = design.shape.halfHeight * head.scale;
  const from = { x: middle.x - head.down.x * reach, y: middle.y - head.down.y * reach };
  const to = { x: middle.x + head.down.x * reach, y: middle.y + head.down.y * reach };
  const below = tint.gradient ?? { colour: tint.colour, alpha: tint.alpha * tint.fade };
  if (tint.alpha > 0.01)
    fill([lens], { ...tint, gradient: { colour: below.colour, alpha: below.alpha, from, to } });
  reflect(brush, design, lens);
}

/** Windows, lamps and sky in the lens: bands, blobs and a bright edge. */
function reflect({ head, rng, fill }: Brush, design: GlassesDesign, lens: Polygon): void {
  const dark = design.kind === 'sunglasses';
  if (!rng.chance(dark ? 0.75 : 0.45)) return;
  const within = [lens];
  const centre = polygonCentre(lens);
  const { scale } = head;
  const strength = dark ? rng.between(0.06, 0.45) : rng.between(0.1, rng.chance(0.2) ? 0.85 : 0.45);
  const colour: Rgb = rng.pick<Rgb>([
    [255, 255, 255],
    [255, 255, 255],
    [200, 220, 255],
    [255, 235, 205],
    [190, 230, 200],
  ]);
  const glow: Paint = { colour, alpha: strength, lit: false };
  const count = 1 + rng.below(3);
  for (let i = 0; i < count; i++) {
    const x = centre.x + rng.between(-9, 9) * scale;
    const y = centre.y + rng.between(-7, 6) * scale;
    if (rng.chance(0.5)) {
      const angle = rng.between(-1, 1) + Math.PI / 2;
      const reach = rng.between(8, 26) * scale;
      const dx = Math.cos(angle) * reach;
      const dy = Math.sin(angle) * reach;
      fill(ribbon([x - dx, y - dy, x + dx, y + dy], rng.between(0.8, 4) * scale), glow, {
        soft: rng.between(0, 3),
        within,
      });
    } else {
      const w = rng.between(1, 7) * scale;
      const h = rng.between(0.8, 4) * scale;
      const lean = rng.between(-2, 2) * scale;
      fill([[x - w + lean, y - h, x + w + lean, y - h, x + w - lean, y + h, x - w - lean, y + h]], glow, {
        soft: rng.between(0.5, 4),
        within,
      });
    }
  }
}

function polygonCentre(polygon: Polygon): Point {
  let x = 0;
  let y = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    x += polygon[i]!;
    y += polygon[i + 1]!;
  }
  return { x: (2 * x) / polygon.length, y: (2 * y) / polygon.length };
}

function drawRims({ head, rng, fill }: Brush, design: GlassesDesign, place: Placer): void {
  if (design.rimTop === 0 || design.shield) return;
  const browline = design.kind === 'hornRimmed' ? rng.between(0, 0.8) : 0;
  const rims: Polygon[] = [];
  const ridges: Polygon[] = [];
  for (const side of SIDES) {
    const points = lensOutline(design.shape, 0.2);
    const line = outline(design, place, side, 0.2);
    const widths = points.map(({ down }) => {
      const low = (down / design.shape.halfHeight + 1) / 2;
      const half = mix(design.rimTop * (1 + browline), design.rimBottom, Math.min(1, Math.max(0, low)));
      return (low > 0.6 && design.rimBottom === 0 ? 0 : Math.max(0.3, half)) * head.scale;
    });
    rims.push(...ribbon(line, widths, true));
    ridges.push(
      ...ribbon(
        line,
        widths.map((width) => width * 0.3),
        true,
      ),
    );
  }
  for (const side of [0, 1]) fill(rims.slice(side * 2, side * 2 + 2), design.frame);
  if (rng.chance(0.6)) fill(ridges, shine(rng.between(0.05, 0.25)));
}

/** The bridge over the nose, the end pieces at the hinges, and for metal frames the pads. */
function drawBridge({ head, rng, fill }: Brush, design: GlassesDesign, place: Placer): void {
  const { bridge, shape, kind } = design;
  const height = -shape.halfHeight * rng.between(0.15, 0.55);
  const gap = bridge / 2 + (design.shape.squareness < 2.5 ? 1.6 : 0.4);
  const arch = rng.between(0.5, 2.2);
  const half = Math.max(0.45, design.rimTop * rng.between(0.8, 1.15)) * head.scale;
  const arc = (lift: number, sink: number) =>
    smooth(
      flat([
        place(-gap, height + sink),
        place(-gap * 0.4, height - lift),
        place(gap * 0.4, height - lift),
        place(gap, height + sink),
      ]),
      4,
    );
  fill(ribbon(arc(arch, 0.6), half), design.frame);
  if (shape.droop > 0 && rng.chance(0.7)) {
    const bar = -shape.halfHeight * 0.95;
    fill(ribbon(flat([place(-gap - 4, bar), place(gap + 4, bar)]), Math.max(0.4, half * 0.8)), design.frame);
  }
  for (const side of SIDES) {
    const sign = outward(side);
    const edge = lensCentre(design) + shape.halfWidth;
    const a = place(sign * (edge - 1.5), -shape.halfHeight * 0.5);
    const b = place(sign * (edge + design.rimTop + 1.2), -shape.halfHeight * 0.5);
    if (distance(a, b) > 0.5)
      fill(ribbon([a.x, a.y, b.x, b.y], Math.max(0.5, design.rimTop * 0.9) * head.scale), design.frame);
    if (kind === 'glasses' && rng.chance(0.5)) {
      const pad = place(sign * (bridge / 2 - 0.8), shape.halfHeight * 0.15);
      fill(
        [
          [
            pad.x - 0.6,
            pad.y - 1.4,
            pad.x + 0.6,
            pad.y - 1.4,
            pad.x + 0.6,
            pad.y + 1.4,
            pad.x - 0.6,
            pad.y + 1.4,
          ],
        ],
        { colour: [220, 220, 215], alpha: 0.35 },
      );
    }
  }
}
