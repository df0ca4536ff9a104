import { clamp, mix } from '../math.ts';
import type { Surface } from '../paint/surface.ts';
import type { Light } from './light.ts';
import type { Shadow } from './shadow.ts';

/** Numbers of the shading model, set by eye on contact sheets. */
const SHADE = {
  /** width of the wrap that flesh adds for red, green, blue: light scatters deepest in red */
  fleshWrap: [0.14, 0.02, -0.04],
  /** light that reaches flesh in the shadow's edge */
  bleed: [0.1, 0.03, 0.01],
  rimDirection: [0.62, 0.34, -0.7],
  keyScale: 1.22,
} as const;

/** Where a point is and which way it faces. */
export interface Point {
  x: number;
  y: number;
  z: number;
  nx: number;
  ny: number;
  nz: number;
  tx: number;
  ty: number;
  tz: number;
  /** share of ambient light that reaches the point, 0..1 */
  occlusion: number;
}

/** Lights a painted point; writes linear RGB into `out`. */
export function shade(s: Surface, p: Point, light: Light, shadow: Shadow, out: Float32Array): void {
  const [dx, dy, dz] = shadow.direction;
  let { nx, ny, nz } = p;
  if (s.facing > 0) {
    nx *= 1 - s.facing * 0.7;
    ny *= 1 - s.facing * 0.7;
    const l = Math.hypot(nx, ny, nz) || 1;
    nx /= l;
    ny /= l;
    nz /= l;
  }
  const lit = shadow.lit(p.x, p.y, p.z, nx, ny, nz);
  const facing = nx * dx + ny * dy + nz * dz;
  const ambient = light.ambient * (0.74 + 0.2 * ny + 0.16 * nz) * p.occlusion * s.open;
  const edge = (1 - clamp(nz)) ** 3;
  const [rx, ry, rz] = SHADE.rimDirection;
  const rim =
    light.rim * Math.max(0, Math.abs(nx) * rx + ny * ry + nz * rz) * (0.3 + 0.7 * edge) * p.occlusion;
  const shine = s.gloss === 0 ? 0 : highlight(s, p, nx, ny, nz, dx, dy, dz) * (0.25 + 0.75 * lit);
  for (let i = 0; i < 3; i++) {
    const wrap = s.wrap + s.flesh * SHADE.fleshWrap[i]!;
    const diffuse = Math.max(0, (facing + wrap) / (1 + wrap));
    const reach = mix(lit, 1, s.flesh * SHADE.bleed[i]!);
    const tint = light.key * light.keyColour[i]!;
    const key = SHADE.keyScale * tint * diffuse * reach;
    const albedo = i === 0 ? s.r : i === 1 ? s.g : s.b;
    const glow = s.glow * (0.4 + light.key * 0.6);
    out[i] = albedo * (key + ambient * light.ambientColour[i]! + rim) + shine * tint * 0.5 + glow;
  }
}

/** Blinn's highlight, or for hair the strand's (Kajiya and Kay 1989). */
function highlight(
  s: Surface,
  p: Point,
  nx: number,
  ny: number,
  nz: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  const l = Math.hypot(dx, dy, dz + 1);
  const hx = dx / l;
  const hy = dy / l;
  const hz = (dz + 1) / l;
  if (s.strand) {
    const along = p.tx * hx + p.ty * hy + p.tz * hz;
    const across = Math.sqrt(Math.max(0, 1 - along * along));
    return s.gloss * across ** s.sharp * clamp(nx * hx + ny * hy + nz * hz + 0.2) * 0.4;
  }
  return s.gloss * Math.max(0, nx * hx + ny * hy + nz * hz) ** s.sharp;
}
