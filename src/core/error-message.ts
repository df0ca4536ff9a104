/** The message of a thrown value. An error from a worker may have lost its class, so its shape decides. */
export function errorMessage(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}
