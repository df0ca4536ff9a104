/** A small text outside of the store. */
export interface Note {
  read(): string | null;
  /** null removes it */
  write(text: string | null): void;
}

/** In the browser's local storage, which lies apart from the databases and files that a browser may clear or lose. */
export const browserNote = (name: string): Note => ({
  read: () => guarded(() => localStorage.getItem(name)),
  write: (text) =>
    void guarded(() => (text === null ? localStorage.removeItem(name) : localStorage.setItem(name, text))),
});

/** If it is missing (Node), forbidden or full, nothing is written. */
function guarded<T>(work: () => T): T | null {
  try {
    return typeof localStorage === 'undefined' ? null : work();
  } catch {
    return null;
  }
}
