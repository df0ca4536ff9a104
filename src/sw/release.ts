import { z } from 'zod';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

/** One version of the kiosk, whole: what the build wrote. */
export const releaseSchema = z.object({
  format: z.literal(1),
  /** hash over all files: two builds of the same sources are the same version */
  version: z.string().regex(/^[0-9a-f]{16}$/),
  /** grows from build to build: seconds since 1970 at the build; a kiosk goes to a higher one alone. 0: before there were any */
  sequence: z.int().nonnegative().default(0),
  /** the Ed25519 key (32 bytes, base64) whose signature the next version has to carry; null: a test build, which nobody signed */
  publisher: z.base64().length(44).nullable().default(null),
  /** seconds within which a new version has to be ready to look, or it is taken back */
  trial: z.number().positive().max(240),
  /** what every answer carries: they belong to the version, not to the answer in which a file happened to come */
  headers: z.record(z.string(), z.string()).default({}),
  files: z.array(
    z.object({
      /** below the kiosk's address, without a leading slash */
      path: z.string().min(1),
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** names of the recognisers that consist of it; absent: every kiosk needs it */
      models: z.array(z.string().min(1)).optional(),
    }),
  ),
});
export type Release = z.infer<typeof releaseSchema>;

/** `version.json`: a release as text, and the publisher's signature over just that text. */
export const envelopeSchema = z.object({
  format: z.literal(2),
  release: z.string(),
  /** Ed25519, 64 bytes, base64 */
  signature: z.base64().length(88).nullable(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A version that was taken back, and when, milliseconds since 1970. */
const refusalSchema = z.union([
  z.object({ version: z.string(), at: z.number() }),
  // Notes of earlier programs have the name alone.
  z.string().transform((version) => ({ version, at: 0 })),
]);

/**
 * The files of a version that a kiosk with these recognisers needs.
 *
 * @param models their names; undefined, or none of this version's: all files, so that nothing can be missing
 */
export function neededFiles({ files }: Release, models: readonly string[] | undefined): Release['files'] {
  const wanted = new Set(models);
  const uses = (of: readonly string[]) => of.some((name) => wanted.has(name));
  if (!files.some((file) => file.models && uses(file.models))) return files;
  return files.filter((file) => !file.models || uses(file.models));
}

/** Which versions this kiosk has, as the service worker remembers it. */
export const versionsSchema = z.object({
  current: z.string().nullable(),
  /** the version to go back to; its files are kept */
  previous: z.string().nullable(),
  /** loaded whole and checked, waiting for an idle moment */
  candidate: z.string().nullable(),
  /** `current` has not yet shown that it works */
  onTrial: z.boolean(),
  refused: z.array(refusalSchema),
});
export type Versions = z.infer<typeof versionsSchema>;

export const noVersions: Versions = {
  current: null,
  previous: null,
  candidate: null,
  onTrial: false,
  refused: [],
};

/** A version was loaded whole. The very first one is used at once: there is nothing to go back to. */
export const loaded = (versions: Versions, version: string): Versions =>
  versions.current === null ? { ...versions, current: version } : { ...versions, candidate: version };

/** The waiting version becomes the one that is served, on trial. */
export const taken = (versions: Versions): Versions =>
  versions.candidate === null
    ? versions
    : {
        ...versions,
        current: versions.candidate,
        previous: versions.current,
        candidate: null,
        onTrial: true,
      };

/** `version` reports that it works. A report of another version is ignored. */
export const proven = (versions: Versions, version: string): Versions =>
  versions.current === version && versions.onTrial ? { ...versions, onTrial: false } : versions;

/** Milliseconds for which a version that was taken back is let alone. */
const REFUSED_FOR = 86_400_000;

const counts = ({ at }: Versions['refused'][number], now: number): boolean =>
  Math.abs(now - at) < REFUSED_FOR;

/** Whether `version` was taken back within a day of `now`, or after `now` by a clock that was ahead by less. */
export const isRefused = ({ refused }: Versions, version: string, now: number): boolean =>
  refused.some((one) => one.version === version && counts(one, now));

/**
 * `version` has not reported that it works: go back to the previous one. The cause may pass, so a day later it may be tried
 * again.
 */
export function takenBack(versions: Versions, version: string, now: number): Versions {
  const { current, previous, onTrial, refused } = versions;
  if (!onTrial || current !== version || previous === null) return versions;
  // Those that may be tried again need not be remembered.
  const others = refused.filter((one) => one.version !== version && counts(one, now));
  return {
    ...versions,
    current: previous,
    previous: null,
    onTrial: false,
    refused: [...others, { version, at: now }],
  };
}

/** Messages between the page and the service worker. */
export type Question =
  | { readonly kind: 'status' }
  /** Checks for a new version and loads what a kiosk with these recognisers needs of it; undefined: all of it. */
  | { readonly kind: 'check'; readonly models?: readonly string[] | undefined }
  /** Serves the waiting version from the next load on. */
  | { readonly kind: 'take' }
  /** The page has started and is ready to look. */
  | { readonly kind: 'works' };

export interface Answer {
  readonly versions: Versions;
  /** why a check failed, if it did; `refused`: there is a version, and it may not be taken */
  readonly problem: { readonly kind: 'failed' | 'refused'; readonly message: string } | null;
}
