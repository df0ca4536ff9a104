/** The message of whatever was thrown. An error that crossed a worker's boundary may have lost its class, so its shape decides. */
export function errorMessage(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}
