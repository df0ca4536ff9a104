/** What an error says, whatever was thrown: errors that crossed a worker's boundary may have lost their class. */
export function words(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}
