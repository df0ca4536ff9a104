import { type Envelope, isRefused, type Release, releaseSchema, type Versions } from './release.ts';

/** There is another version, and it may not be taken. The message is for staff. */
export class RefusedRelease extends Error {}

/** What this kiosk has. */
export interface Standing {
  readonly versions: Versions;
  readonly current: Release | null;
  readonly candidate: Release | null;
  /** milliseconds since 1970 */
  readonly now: number;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** @param publisher an Ed25519 key, 32 bytes, base64 */
async function isSigned({ release, signature }: Envelope, publisher: string): Promise<boolean> {
  if (signature === null) return false;
  const key = await crypto.subtle.importKey('raw', bytesOf(publisher), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, bytesOf(signature), new TextEncoder().encode(release));
}

/** The key that has to have signed: the one that the running version names; on the first load the release's own. */
async function demandSignature(envelope: Envelope, release: Release, current: Release | null): Promise<void> {
  const publisher = current?.publisher ?? release.publisher;
  if (publisher === null) return;
  const signed = await isSigned(envelope, publisher).catch((error: unknown) => {
    throw new RefusedRelease(
      `This browser cannot check the signature of version ${release.version} (${error}).`,
    );
  });
  if (!signed)
    throw new RefusedRelease(
      `Version ${release.version} is not signed by the publisher of the running version, so it is not taken. ` +
        'Publish a build that was made with the publisher’s key (docs/operations.md).',
    );
}

/** No way back to a version with known holes: equal numbers are two builds at once. */
function demandHigher(release: Release, { current, candidate }: Standing): void {
  for (const own of [current, candidate])
    if (own && release.sequence <= own.sequence)
      throw new RefusedRelease(
        `Version ${release.version} (sequence ${release.sequence}) is not newer than ${own.version} (sequence ${own.sequence}), ` +
          'so it is not taken. To go back, build the older sources anew: the sequence number is the time of the build.',
      );
}

/**
 * The release of a `version.json` if this kiosk is to load it, null where it has it or was told to let it alone for a day.
 *
 * @throws RefusedRelease where it may not be taken
 */
export async function admit(envelope: Envelope, standing: Standing): Promise<Release | null> {
  const { versions, current, now } = standing;
  const release = releaseSchema.parse(JSON.parse(envelope.release));
  await demandSignature(envelope, release, current);
  if (release.version === versions.current || release.version === versions.candidate) return null;
  if (isRefused(versions, release.version, now)) return null;
  demandHigher(release, standing);
  return release;
}
