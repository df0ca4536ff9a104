/** What may end while work waits for it: a worker, a GPU. */
export interface Ending {
  /** rejects at the end; for whoever listens once. `during` is for each piece of work */
  readonly ended: Promise<never>;
  /**
   * The work's outcome, or the end's error where that comes first. A race against `ended` would keep something of each
   * piece of work until the end, and a GPU or a worker lasts for months.
   */
  during<T>(work: Promise<T>): Promise<T>;
}

/** An ending and what brings it; the first error counts. */
export function createEnding(): Ending & { end(error: unknown): void } {
  let over: { readonly error: unknown } | null = null;
  const waiting = new Set<(error: unknown) => void>();
  let endAll: (error: unknown) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    endAll = reject;
  });
  ended.catch(() => {});
  return {
    ended,
    during: (work) =>
      new Promise((resolve, reject) => {
        const done = () => waiting.delete(reject);
        waiting.add(reject);
        work.then(resolve, reject).then(done, done);
        if (over) reject(over.error);
      }),
    end(error) {
      if (over) return;
      over = { error };
      endAll(error);
      for (const reject of waiting) reject(error);
      waiting.clear();
    },
  };
}
