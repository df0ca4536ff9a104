import { normalFrom, type Rng } from '../math/random.ts';
import { EYE_CORNERS, type FacePoints, POINT_COUNT } from './points.ts';

/** A point in space: x to the picture's right, y down, z towards the camera; one unit is half the way between the eye corners. */
export type SpacePoint = readonly [x: number, y: number, z: number];

/** Distance of the camera in units, pixels of one unit at the face, and the detector's noise in pixels. */
const CAMERA = { distance: 12, scale: 40, noise: 0.12 } as const;

/** A head for tests: a paraboloid of an ellipsoid's curvature, and a nose that stands out of it. */
export function drawHead(rng: Rng): SpacePoint[] {
  const surface = Array.from({ length: POINT_COUNT.surface }, () =>
    onSurface(rng.between(-1.6, 1.6), rng.between(-1.4, 2)),
  );
  surface[EYE_CORNERS[0]] = onSurface(-1, 0);
  surface[EYE_CORNERS[1]] = onSurface(1, 0);
  const nose = Array.from({ length: POINT_COUNT.nose }, (_, i): SpacePoint => {
    const [x, y, z] = onSurface(0, 0.5 + 0.15 * i);
    return [x, y, z + 0.38];
  });
  return [...surface, ...nose];
}

const onSurface = (x: number, y: number): SpacePoint => [x, y, -0.75 * x * x - 0.1 * y * y];

/** What a picture of the head is: its places without any depth. */
export const flattened = (head: readonly SpacePoint[]): SpacePoint[] => head.map(([x, y]) => [x, y, 0]);

/** A sheet bent about an upright axis; 1 / curvature in units. */
export const bentSheet = (sheet: readonly SpacePoint[], curvature: number): SpacePoint[] =>
  sheet.map(([x, y]) => [Math.sin(x * curvature) / curvature, y, (Math.cos(x * curvature) - 1) / curvature]);

/** How points stand before the camera: turned to the picture's right and nodded upwards (radians), then moved (units). */
export interface Stand {
  readonly yaw?: number;
  readonly pitch?: number;
  readonly move?: readonly [x: number, y: number, z: number];
}

/** The camera's view of points, with the detector's noise. */
export function viewOf(
  points: readonly SpacePoint[],
  { yaw = 0, pitch = 0, move = [0, 0, 0] }: Stand,
  rng: Rng,
): FacePoints {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  return Float32Array.from(
    points.flatMap(([x, y0, z0]) => {
      const [y, z] = [cp * y0 - sp * z0, sp * y0 + cp * z0];
      const near = CAMERA.distance / (CAMERA.distance - (-s * x + c * z) - move[2]);
      const noise = () => CAMERA.noise * normalFrom(rng.next);
      return [
        320 + (c * x + s * z + move[0]) * near * CAMERA.scale + noise(),
        240 + (y + move[1]) * near * CAMERA.scale + noise(),
      ];
    }),
  );
}
