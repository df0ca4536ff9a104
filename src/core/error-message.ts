/** The message of a thrown value. An error from a worker may have lost its class, so its shape decides. Never throws. */
export function errorMessage(error: unknown): string {
  try {
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return typeof message === 'string' ? message : String(error);
  } catch {
    // Without a prototype an object cannot be written as text.
    return 'an error without words';
  }
}
