import { HEAD_MESH, type Head } from '../head/head.ts';
import { smooth } from '../math.ts';
import { gridNormals, type Mesh } from '../mesh.ts';
import type { Identity } from '../person/identity.ts';
import { shellThickness } from './locks.ts';
import { aboveEdge, cutOf } from './scalp.ts';

/** The closed mass of hair under the locks: the head's surface moved outwards where hair grows. */
export function buildShell(identity: Identity, head: Head): Mesh {
  const cut = cutOf(identity);
  const above = aboveEdge(identity);
  const source = head.mesh.position;
  const position = new Float32Array(source.length);
  const attribute = new Float32Array(source.length);
  const tangent = new Float32Array(source.length);
  const [cx, cy, cz] = head.radius.centre;
  for (let n = 0; n < source.length; n += 3) {
    const x = source[n]!;
    const y = source[n + 1]!;
    const z = source[n + 2]!;
    const edge = above(x, y, z);
    const grow = smooth(-0.02, 0.16, edge);
    const thick = 0.006 + shellThickness(cut, identity.hair.volume, y, z) * grow;
    const d = Math.hypot(x - cx, y - cy, z - cz);
    const k = 1 + thick / d;
    position[n] = cx + (x - cx) * k;
    position[n + 1] = cy + (y - cy) * k;
    position[n + 2] = cz + (z - cz) * k;
    const fromCrown = Math.hypot(x, z + 0.3);
    attribute.set([Math.atan2(x, z + 0.3) * 8, fromCrown * 1.2 - y * 0.8, edge], n);
    const l = Math.hypot(x, y - 1.2, z + 0.3) || 1;
    tangent.set([x / l, (y - 1.2) / l, (z + 0.3) / l], n);
  }
  return {
    material: 'hair',
    position,
    attribute,
    tangent,
    index: head.mesh.index,
    normal: gridNormals(position, HEAD_MESH.columns, HEAD_MESH.rows, true, false),
    tag: 1,
    keep: (x, y, z) => above(x, y, z) > 0.012 && (y > -0.3 || z < 0.2),
  };
}
