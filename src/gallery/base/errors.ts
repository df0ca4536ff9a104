import { errorMessage } from '@rounz/core/error-message.ts';
import type { BackupProblem } from '../contract/backup.ts';

export type GalleryErrorCode =
  | 'unavailable'
  | 'full'
  | 'held-elsewhere'
  | 'newer-version'
  | 'invalid-person'
  | 'unknown-person'
  | 'damaged'
  | 'locked'
  | 'weak-pin'
  | 'pin-taken'
  | 'pin-again'
  | 'not-main'
  | 'weak-passphrase'
  | 'stopped'
  | 'already-set'
  | 'access-taken'
  | 'unlike'
  | 'past-undo'
  | 'backup-refused';

/** The gallery refused or failed; stored data is unchanged. */
export class GalleryError extends Error {
  override readonly name: string = 'GalleryError';
  readonly code: GalleryErrorCode;

  constructor(code: GalleryErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A backup was refused; nothing was changed. */
export class BackupError extends GalleryError {
  override readonly name = 'BackupError';
  readonly problem: BackupProblem;

  constructor(problem: BackupProblem, message: string, cause?: unknown) {
    super('backup-refused', message, cause);
    this.problem = problem;
  }
}

const hasName = (error: unknown, name: string): boolean =>
  error instanceof Error && (error.name === name || hasName((error as { inner?: unknown }).inner, name));

/** Without a secure context a browser has no storage for the kiosk at all, whatever its settings say. */
const remedy = (): string =>
  typeof isSecureContext === 'boolean' && !isSecureContext
    ? 'open the kiosk at an https address, or at http://localhost on its own computer.'
    : 'allow this site to store data, close private windows, then reload.';

/** Whether a write found no room. */
export const isFull = (error: unknown): boolean =>
  hasName(error, 'QuotaExceededError') || (error instanceof GalleryError && error.code === 'full');

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
    `The gallery in the browser's storage cannot be used (${errorMessage(error)}). Nobody is recognised until it can: ${remedy()}`,
    error,
  );
}

/** Runs work whose errors are explained. */
export async function explained<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw galleryError(error);
  }
}
