import { errorMessage } from '@rounz/core/error-message.ts';

/** What kind of failure it was, for the screens' own words: a `GalleryError`'s code, `file-` and a backup's problem, or null. */
export function codeOf(error: unknown): string | null {
  const { problem, code } = (error ?? {}) as { problem?: unknown; code?: unknown };
  if (typeof problem === 'string') return `file-${problem}`;
  return typeof code === 'string' ? code : null;
}

/** Why something was not done, for a screen that has words of its own for the codes it knows. */
export interface Failure {
  readonly code: string | null;
  readonly detail: string;
}

export const failureOf = (error: unknown): Failure => ({ code: codeOf(error), detail: errorMessage(error) });
