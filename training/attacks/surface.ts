import type { RgbaImage } from '@rounz/core/image.ts';

/** How a sheet or a screen is held before the camera. */
export interface Hold {
  /** place of its middle, shares of the frame's height from the frame's middle; x to the right, y downwards */
  readonly x: number;
  readonly y: number;
  /** height of the unturned surface as a share of the frame's height: how near it is held */
  readonly size: number;
  /** turns, degrees: its right edge away from the camera, its upper edge away, clockwise as seen */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** curvature times the width, radians over the width: bent about an upright and about a level axis; positive bulges forward */
  readonly bendX: number;
  readonly bendY: number;
}

export const FLAT: Hold = { x: 0, y: 0, size: 1, yaw: 0, pitch: 0, roll: 0, bendX: 0, bendY: 0 };

/** Distance of the camera in heights of the frame: 50 degrees from the upper to the lower edge. */
const CAMERA = 1.07;
/** Rows and columns of patches that a surface is cut into; each is mapped affinely. A flat one needs few. */
const PATCHES = { flat: 8, bent: 24 } as const;

interface Corner {
  /** pixels of the frame */
  readonly x: number;
  readonly y: number;
  /** pixels of the texture */
  readonly u: number;
  readonly v: number;
  /** brightness, 1 is unchanged: a bent sheet catches less light at its sides */
  readonly shade: number;
}

/**
 * Draws a picture on a surface that is held, turned and bent before the camera, over what the frame shows.
 * @param frame is drawn upon, in place
 */
export function drawHeld(frame: RgbaImage, texture: RgbaImage, hold: Hold): void {
  const patches = hold.bendX === 0 && hold.bendY === 0 ? PATCHES.flat : PATCHES.bent;
  const corners = cornersOf(frame, texture, hold, patches);
  const across = patches + 1;
  for (let row = 0; row < patches; row++)
    for (let column = 0; column < patches; column++) {
      const at = row * across + column;
      const [a, b, c, d] = [corners[at]!, corners[at + 1]!, corners[at + across]!, corners[at + across + 1]!];
      drawTriangle(frame, texture, a, b, c);
      drawTriangle(frame, texture, d, c, b);
    }
}

function cornersOf(frame: RgbaImage, texture: RgbaImage, hold: Hold, patches: number): Corner[] {
  const project = projector(frame, hold);
  const aspect = texture.width / texture.height;
  const corners: Corner[] = [];
  for (let row = 0; row <= patches; row++)
    for (let column = 0; column <= patches; column++) {
      const [s, t] = [column / patches, row / patches];
      const [px, pz, nx] = bend((s - 0.5) * aspect * hold.size, hold.bendX / (aspect * hold.size));
      const [py, qz, ny] = bend((t - 0.5) * hold.size, hold.bendY / hold.size);
      const shade = Math.max(0.4, Math.cos(nx) * Math.cos(ny)) ** 0.6;
      corners.push({ ...project(px, py, pz + qz), u: s * texture.width, v: t * texture.height, shade });
    }
  return corners;
}

/** Where a point lies on a strip of that curvature: along, towards the camera, and the angle of its normal. */
function bend(along: number, curvature: number): readonly [along: number, near: number, angle: number] {
  if (Math.abs(curvature) < 1e-6) return [along, 0, 0];
  const angle = along * curvature;
  return [Math.sin(angle) / curvature, (Math.cos(angle) - 1) / curvature, angle];
}

/** From the surface (x right, y down, z towards the camera, in heights of the frame) to pixels of the frame. */
function projector({ width, height }: RgbaImage, hold: Hold) {
  const [cy, sy] = [Math.cos(rad(hold.yaw)), Math.sin(rad(hold.yaw))];
  const [cp, sp] = [Math.cos(rad(hold.pitch)), Math.sin(rad(hold.pitch))];
  const [cr, sr] = [Math.cos(rad(hold.roll)), Math.sin(rad(hold.roll))];
  return (x: number, y: number, z: number): { x: number; y: number } => {
    const x1 = cy * x + sy * z;
    const z1 = -sy * x + cy * z;
    const y2 = cp * y - sp * z1;
    const z2 = sp * y + cp * z1;
    const x3 = cr * x1 - sr * y2 + hold.x;
    const y3 = sr * x1 + cr * y2 + hold.y;
    const near = CAMERA / Math.max(0.1, CAMERA - z2);
    return { x: width / 2 + x3 * near * height, y: height / 2 + y3 * near * height };
  };
}

const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Fills a triangle with the texture by affine interpolation, bilinear samples, alpha over what lies there. */
function drawTriangle(frame: RgbaImage, texture: RgbaImage, a: Corner, b: Corner, c: Corner): void {
  const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  if (!(Math.abs(area) > 1e-9)) return;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x, c.x)));
  const right = Math.min(frame.width - 1, Math.ceil(Math.max(a.x, b.x, c.x)));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y, c.y)));
  const bottom = Math.min(frame.height - 1, Math.ceil(Math.max(a.y, b.y, c.y)));
  // Weights of b and c change by the same amount with each pixel of a row.
  const stepB = (c.y - a.y) / area;
  const stepC = (a.y - b.y) / area;
  for (let py = top; py <= bottom; py++) {
    const y = py + 0.5 - a.y;
    const x = left + 0.5 - a.x;
    let wb = (x * (c.y - a.y) - (c.x - a.x) * y) / area;
    let wc = ((b.x - a.x) * y - x * (b.y - a.y)) / area;
    for (let px = left; px <= right; px++, wb += stepB, wc += stepC) {
      if (wb < 0 || wc < 0 || wb + wc > 1) continue;
      const wa = 1 - wb - wc;
      const u = wa * a.u + wb * b.u + wc * c.u;
      const v = wa * a.v + wb * b.v + wc * c.v;
      blend(
        frame.data,
        (py * frame.width + px) * 4,
        texture,
        u,
        v,
        wa * a.shade + wb * b.shade + wc * c.shade,
      );
    }
  }
}

/** Lays one bilinear sample of the texture over a pixel of the frame. */
function blend(
  frame: Uint8ClampedArray,
  at: number,
  { data, width, height }: RgbaImage,
  u: number,
  v: number,
  shade: number,
): void {
  const fx = Math.min(width - 1, Math.max(0, u - 0.5));
  const fy = Math.min(height - 1, Math.max(0, v - 0.5));
  const x = Math.min(width - 2, fx | 0);
  const y = Math.min(height - 2, fy | 0);
  const i = (y * width + x) * 4;
  const j = i + width * 4;
  const dx = fx - x;
  const dy = fy - y;
  const a = ((1 - dx) * (1 - dy) * data[i + 3]!) / 255;
  const b = (dx * (1 - dy) * data[i + 7]!) / 255;
  const c = ((1 - dx) * dy * data[j + 3]!) / 255;
  const d = (dx * dy * data[j + 7]!) / 255;
  const under = 1 - a - b - c - d;
  if (under >= 1) return;
  for (let k = 0; k < 3; k++)
    frame[at + k] =
      (a * data[i + k]! + b * data[i + 4 + k]! + c * data[j + k]! + d * data[j + 4 + k]!) * shade +
      frame[at + k]! * under;
}
