import type { Head } from '../head/head.ts';
import type { Mesh } from '../mesh.ts';
import type { Identity } from '../person/identity.ts';
import { growLocks } from './locks.ts';
import { buildShell } from './shell.ts';

/** Hair of a person: the closed mass and locks over it; nothing for a shaved head, whose stubble is painted. */
export function buildHairParts(identity: Identity, head: Head): readonly Mesh[] {
  const locks = growLocks(identity, head);
  return locks === null ? [] : [buildShell(identity, head), locks];
}
