import { type Bytes, equalBytes } from '../crypto/bytes.ts';
import { type Binding, seal, unseal } from '../crypto/seal.ts';
import type { FileStore } from './files.ts';

/** The files on which all others depend are stored twice, so that one damaged file loses nothing. */
const COPY = '-copy';
const copyOf = (name: string): string => name + COPY;
/** The file's own name, also of its copy: both are sealed to it. */
export const twofoldName = (name: string): string =>
  name.endsWith(COPY) ? name.slice(0, -COPY.length) : name;

/** Writes a sealed file and its copy. Cut off between the two, the file holds. */
export async function writeTwofold(
  files: FileStore,
  device: CryptoKey,
  name: string,
  plain: Bytes,
): Promise<void> {
  const sealed = await seal(device, [name], plain);
  await files.write(name, sealed);
  await files.write(copyOf(name), sealed);
}

/**
 * Reads a sealed file, or its copy where that is missing or damaged. Whichever of the two is not as it should be is mended.
 *
 * @returns null where there is neither. @throws Error where neither opens
 */
export async function readTwofold(files: FileStore, device: CryptoKey, name: string): Promise<Bytes | null> {
  const binding: Binding = [name];
  const [sealed, copy] = await Promise.all([files.read(name), files.read(copyOf(name))]);
  if (!sealed && !copy) return null;
  const [whole, plain] = await unseal(device, binding, sealed ?? new Uint8Array())
    .then((bytes) => [sealed!, bytes] as const)
    .catch(async (error: unknown) => {
      if (!copy) throw error;
      return [copy, await unseal(device, binding, copy)] as const;
    });
  // A full disk must not keep the kiosk from starting.
  for (const [file, held] of [
    [name, sealed],
    [copyOf(name), copy],
  ] as const)
    if (!held || !equalBytes(held, whole)) await files.write(file, whole).catch(() => {});
  return plain;
}

export async function removeTwofold(files: FileStore, name: string): Promise<void> {
  await files.remove(name);
  await files.remove(copyOf(name));
}
