import type { Head } from '../head/head.ts';
import type { Identity } from '../identity.ts';
import type { Mesh } from '../mesh.ts';
import { growLocks } from './locks.ts';
import { buildShell } from './shell.ts';

/** Hair of a person: the closed mass and, for all but the shortest cuts, locks over it. */
export function buildHairParts(identity: Identity, head: Head): readonly Mesh[] {
  const locks = growLocks(identity, head);
  const shell = buildShell(identity, head);
  return locks === null ? [shell] : [shell, locks];
}
