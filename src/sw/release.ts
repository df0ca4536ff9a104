import { z } from 'zod';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

/** `version.json`: one version of the kiosk, whole. The build writes it beside the files that it lists. */
export const releaseSchema = z.object({
  format: z.literal(1),
  /** hash over all files: two builds of the same sources are the same version */
  version: z.string().regex(/^[0-9a-f]{16}$/),
  /** seconds within which a new version has to be ready to look, or it is taken back */
  trial: z.number().positive().max(240),
  files: z.array(
    z.object({
      /** below the kiosk's address, without a leading slash */
      path: z.string().min(1),
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Release = z.infer<typeof releaseSchema>;

/** Which versions this kiosk has, as the service worker remembers it. */
export const versionsSchema = z.object({
  current: z.string().nullable(),
  /** what a bad version is taken back to; its files are kept */
  previous: z.string().nullable(),
  /** loaded whole and checked, waiting for an idle moment */
  candidate: z.string().nullable(),
  /** `current` has not yet shown that it works */
  onTrial: z.boolean(),
  /** versions that were taken back: never tried again */
  refused: z.array(z.string()),
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

/** `version` says that it works; another's word counts for nothing. */
export const proven = (versions: Versions, version: string): Versions =>
  versions.current === version && versions.onTrial ? { ...versions, onTrial: false } : versions;

/** `version` has not shown that it works: back to the one before. */
export function takenBack(versions: Versions, version: string): Versions {
  const { current, previous, onTrial, refused } = versions;
  if (!onTrial || current !== version || previous === null) return versions;
  return { ...versions, current: previous, previous: null, onTrial: false, refused: [...refused, version] };
}

/** What the page asks of the service worker, and what it is answered. */
export type Question =
  | { readonly kind: 'status' }
  /** Looks for a new version and loads it. */
  | { readonly kind: 'check' }
  /** Serves the waiting version from the next load on. */
  | { readonly kind: 'take' }
  /** The page has started and is ready to look. */
  | { readonly kind: 'works' };

export interface Answer {
  readonly versions: Versions;
  /** why a check led to nothing, where it did */
  readonly problem: string | null;
}
