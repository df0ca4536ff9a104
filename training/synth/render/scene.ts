import type { Wear } from '../accessory/accessory.ts';
import { buildCap, capEdge } from '../accessory/cap.ts';
import { buildEyewear } from '../accessory/eyewear.ts';
import { buildMask } from '../accessory/mask.ts';
import { buildTorso } from '../body/torso.ts';
import { buildHairParts } from '../hair/hair.ts';
import { buildEars } from '../head/ears.ts';
import { buildHead, type Head } from '../head/head.ts';
import type { Mesh } from '../mesh.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';

/** Everything that is drawn for one person with one expression wearing one thing; the pose is applied later. */
export interface Scene {
  readonly identity: Identity;
  readonly expression: Expression;
  readonly wear: Wear;
  readonly meshes: readonly Mesh[];
}

/** Heads kept ready: modelling one costs more than drawing it. */
const CACHE_SIZE = 24;

/** Room for hair at a cap's edge, how fast it widens below, and how far down the pressure reaches; units. */
const UNDER_CAP = { least: 0.055, spread: 0.4, reach: 0.5 } as const;

class Recent<V> {
  readonly #entries = new Map<string, V>();

  get(key: string, make: () => V): V {
    const known = this.#entries.get(key);
    const value = known ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > CACHE_SIZE) this.#entries.delete(this.#entries.keys().next().value!);
    return value;
  }
}

const heads = new Recent<Head>();
const hair = new Recent<readonly Mesh[]>();
const bodies = new Recent<readonly Mesh[]>();
const ids = new WeakMap<Identity, number>();
let nextId = 0;

/** Identities are plain objects and may share a seed: the cache tells them apart by object. */
function idOf(identity: Identity): number {
  const id = ids.get(identity) ?? nextId++;
  ids.set(identity, id);
  return id;
}

/** The lids move no geometry, so a blink and a glance share the head of the open eye. */
const headKey = (identity: Identity, e: Expression): string =>
  `${idOf(identity)}/${e.smile.toFixed(2)}/${e.frown.toFixed(2)}/${e.parted.toFixed(2)}`;

/** The person's head with an expression, modelled once. */
export const headOf = (identity: Identity, expression: Expression): Head =>
  heads.get(headKey(identity, expression), () => buildHead(identity, expression));

/** Models a person. */
export function buildScene(identity: Identity, expression: Expression, wear: Wear): Scene {
  const head = headOf(identity, expression);
  const grown = hair.get(`${idOf(identity)}`, () => buildHairParts(identity, head));
  const body = bodies.get(`${idOf(identity)}`, () => [
    ...buildEars(identity.shape, head.radius),
    ...buildTorso(identity),
  ]);
  const meshes: Mesh[] = [head.mesh, ...body];
  meshes.push(...(wear.cap ? grown.map((mesh) => underCap(mesh, head)) : grown));
  if (wear.eyewear !== 'none') meshes.push(...buildEyewear(identity, head, wear.eyewear, wear.variant));
  if (wear.cap) meshes.push(...buildCap(identity, head, wear.variant));
  if (wear.mask) meshes.push(...buildMask(identity, head, wear.variant));
  return { identity, expression, wear, meshes };
}

/** Hair under a cap: pressed to the head towards the cap's edge, hidden above it. */
function underCap(mesh: Mesh, head: Head): Mesh {
  const { keep } = mesh;
  const position = mesh.position.slice();
  const [cx, cy, cz] = head.radius.centre;
  for (let n = 0; n < position.length; n += 3) {
    const x = position[n]! - cx;
    const y = position[n + 1]! - cy;
    const z = position[n + 2]! - cz;
    const below = capEdge(position[n + 2]!) - position[n + 1]!;
    if (below > UNDER_CAP.reach) continue;
    const d = Math.hypot(x, y, z);
    const skin = head.radius.towards(position[n]!, position[n + 1]!, position[n + 2]!);
    const room = UNDER_CAP.least + Math.max(0, below) * UNDER_CAP.spread;
    const k = Math.min(d, skin + room) / d;
    position[n] = cx + x * k;
    position[n + 1] = cy + y * k;
    position[n + 2] = cz + z * k;
  }
  return {
    ...mesh,
    position,
    keep: (x, y, z, a, b) => y < capEdge(z) + 0.05 && (keep === undefined || keep(x, y, z, a, b)),
  };
}
