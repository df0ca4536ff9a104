import { clamp } from '../math.ts';
import type { Mesh } from '../mesh.ts';
import type { Light } from './light.ts';
import type { PosedMesh } from './pose.ts';
import { createVisibility, rasterise } from './raster.ts';

/**
 * Texels on a side, half-width covered and height of its middle in units, bias along the normal and along the light, filter
 * radius.
 */
const SHADOW = {
  size: 360,
  reach: 2.7,
  centreY: -0.55,
  normalBias: 0.03,
  depthBias: 0.03,
  radius: 2,
} as const;

/** What the key light sees. */
export interface Shadow {
  /** towards the light */
  readonly direction: readonly [number, number, number];
  /** share of the key light that reaches a point, 0..1, softly filtered */
  lit(x: number, y: number, z: number, nx: number, ny: number, nz: number): number;
}

export function castShadow(meshes: readonly Mesh[], posed: readonly PosedMesh[], light: Light): Shadow {
  const az = (light.azimuth * Math.PI) / 180;
  const el = (light.elevation * Math.PI) / 180;
  const d = [Math.cos(el) * Math.sin(az), Math.sin(el), Math.cos(el) * Math.cos(az)] as const;
  const ux = Math.cos(az);
  const uz = -Math.sin(az);
  const vx = d[1] * uz;
  const vy = d[2] * ux - d[0] * uz;
  const vz = -d[1] * ux;
  const { size, reach } = SHADOW;
  const scale = size / 2 / reach;
  const offsetY = -SHADOW.centreY;
  const buffer = createVisibility(size, size);
  meshes.forEach((mesh, m) => {
    if (mesh.shadow === false) return;
    const p = posed[m]!.position;
    const screen = new Float32Array(p.length);
    for (let i = 0; i < p.length; i += 3) {
      const x = p[i]!;
      const y = p[i + 1]! + offsetY;
      const z = p[i + 2]!;
      screen[i] = size / 2 + (ux * x + uz * z) * scale;
      screen[i + 1] = size / 2 + (vx * x + vy * y + vz * z) * scale;
      screen[i + 2] = d[0] * x + d[1] * y + d[2] * z;
    }
    rasterise(buffer, mesh, m, screen);
  });
  const { depth } = buffer;
  return {
    direction: d,
    lit(px, py, pz, nx, ny, nz) {
      const x = px + nx * SHADOW.normalBias;
      const y = py + ny * SHADOW.normalBias + offsetY;
      const z = pz + nz * SHADOW.normalBias;
      const u = size / 2 + (ux * x + uz * z) * scale;
      const v = size / 2 + (vx * x + vy * y + vz * z) * scale;
      const near = d[0] * x + d[1] * y + d[2] * z + SHADOW.depthBias;
      if (u < 0 || v < 0 || u >= size || v >= size) return 1;
      let lit = 0;
      let count = 0;
      for (let j = -SHADOW.radius; j <= SHADOW.radius; j++) {
        const row = clamp(Math.floor(v + j), 0, size - 1) * size;
        for (let i = -SHADOW.radius; i <= SHADOW.radius; i++) {
          count++;
          if (depth[row + clamp(Math.floor(u + i), 0, size - 1)]! < near) lit++;
        }
      }
      return lit / count;
    },
  };
}
