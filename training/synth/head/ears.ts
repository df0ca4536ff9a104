import { bell, smooth } from '../math.ts';
import { gridMesh, type Mesh } from '../mesh.ts';
import type { FaceShape } from '../person/shape.ts';
import type { RadiusMap } from './radius.ts';

/** Anatomy of the outer ear in units of 100 mm before `earSize` (adult means about 62 x 36 mm). */
const EAR = { height: 0.31, width: 0.17, centreY: -0.13, centreZ: -0.06, rim: 0.05 } as const;

/** Both ears: shells with a rolled rim, a hollow and a lobe, standing off the head by `earOut` radians. */
export function buildEars(shape: FaceShape, radius: RadiusMap): Mesh[] {
  return [-1, 1].map((side) => buildEar(shape, radius, side));
}

function buildEar(shape: FaceShape, radius: RadiusMap, side: number): Mesh {
  const angle = shape.earOut;
  const reach = radius.towards(side, EAR.centreY - 0.05, EAR.centreZ - 0.02);
  const attachX = side * (reach * 0.985 - 0.005);
  return gridMesh(
    41,
    19,
    (u, v) => {
      const a = u * 2 * Math.PI;
      // outline: broad above, narrow lobe below; a = 0 at the front edge, running upwards
      const top = Math.sin(a);
      const widen = top > 0 ? 1 + 0.1 * top : 1 - 0.22 * top * top;
      const back = -Math.cos(a) * EAR.width * widen * (Math.cos(a) > 0 ? 0.62 : 1);
      const up = top * EAR.height * (top > 0 ? 0.94 : 1.02);
      const h =
        EAR.rim * bell(v - 0.88, 0.13) * smooth(-1, -0.55, top) * smooth(0.97, 0.5, Math.cos(a)) +
        0.028 * bell(v - 0.58, 0.14) * smooth(-0.5, 0.2, top) -
        0.05 * bell(v, 0.4) +
        0.02 * smooth(-0.5, -0.95, top) * v;
      const q = (back * v + EAR.width * 0.62) * shape.earSize;
      const x = attachX + side * (Math.sin(angle) * q + Math.cos(angle) * h);
      const z = EAR.centreZ + 0.1 - Math.cos(angle) * q + Math.sin(angle) * h * 0.6;
      const y = EAR.centreY + (up * v + back * v * 0.18) * shape.earSize;
      return [x, y, z, v, top, h / EAR.rim];
    },
    { material: 'ear', wrap: true, flip: side < 0, tag: side },
  );
}
