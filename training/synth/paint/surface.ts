import { mix, type Rgb } from '../math.ts';

/** What a painter says about one point; reused for every sample, so painters write every field they need. */
export interface Surface {
  r: number;
  g: number;
  b: number;
  /** strength of the highlight, 0..1 */
  gloss: number;
  /** exponent of the highlight */
  sharp: number;
  /** how far light wraps around into the shade, 0 hard .. 0.5 soft, for red; less for green and blue where `flesh` */
  wrap: number;
  /** 0..1: light scattered beneath the skin reddens the edge of the shade */
  flesh: number;
  /** light that the point gives off itself (a highlight painted on) */
  glow: number;
  /** replaces the mesh's normal by one tilted less: eyeballs under flat skin; 0 keeps it */
  facing: number;
  /** share of what lies behind that glass hides */
  opacity: number;
  /** strand highlight instead of a round one */
  strand: boolean;
  /** share of ambient light kept: hollows that the screen cannot see */
  open: number;
}

export const createSurface = (): Surface => ({
  r: 0,
  g: 0,
  b: 0,
  gloss: 0,
  sharp: 20,
  wrap: 0.2,
  flesh: 0,
  glow: 0,
  facing: 0,
  opacity: 1,
  strand: false,
  open: 1,
});

/** Sets a plain surface of a colour. */
export function reset(s: Surface, [r, g, b]: Rgb): void {
  s.r = r;
  s.g = g;
  s.b = b;
  s.gloss = 0;
  s.sharp = 20;
  s.wrap = 0.2;
  s.flesh = 0;
  s.glow = 0;
  s.facing = 0;
  s.opacity = 1;
  s.strand = false;
  s.open = 1;
}

/** Lays a colour over the surface. */
export function tint(s: Surface, c: Rgb, amount: number): void {
  if (amount <= 0) return;
  s.r = mix(s.r, c[0], amount);
  s.g = mix(s.g, c[1], amount);
  s.b = mix(s.b, c[2], amount);
}

/** Multiplies the surface by a colour, in part. */
export function stain(s: Surface, r: number, g: number, b: number, amount: number): void {
  if (amount <= 0) return;
  s.r *= mix(1, r, amount);
  s.g *= mix(1, g, amount);
  s.b *= mix(1, b, amount);
}

/** Scales the surface's colour. */
export function dim(s: Surface, factor: number): void {
  s.r *= factor;
  s.g *= factor;
  s.b *= factor;
}
