/** One file of a set. `path` is relative to the set's root, in normal form, e.g. `Barack_Obama/10.jpg`. */
export interface SetFile {
  readonly path: string;
  readonly bytes: Buffer;
}
