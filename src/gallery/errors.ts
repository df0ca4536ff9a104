export type GalleryErrorCode = 'unavailable' | 'full' | 'newer-version' | 'invalid-person';

/** The gallery could not do what was asked; what was stored before is as it was. */
export class GalleryError extends Error {
  override readonly name = 'GalleryError';
  readonly code: GalleryErrorCode;

  constructor(code: GalleryErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const hasName = (error: unknown, name: string): boolean =>
  error instanceof Error && (error.name === name || hasName((error as { inner?: unknown }).inner, name));

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Says what an IndexedDB error means and what to do about it. */
export function galleryError(error: unknown): GalleryError {
  if (error instanceof GalleryError) return error;
  if (hasName(error, 'QuotaExceededError'))
    return new GalleryError(
      'full',
      'The browser has no room left for the gallery, so nothing was saved. Free disk space on this kiosk and try again.',
      error,
    );
  if (hasName(error, 'VersionError'))
    return new GalleryError(
      'newer-version',
      'A newer version of the kiosk wrote this gallery and this version cannot read it. Reload to get the newer version.',
      error,
    );
  return new GalleryError(
    'unavailable',
    `The gallery in the browser's storage cannot be used (${words(error)}). Nobody is recognised until it can: allow ` +
      'this site to store data, leave private browsing, then reload.',
    error,
  );
}
