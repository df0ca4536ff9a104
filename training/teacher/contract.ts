import type { CachedFace } from '../cache/aligned-set.ts';

/** A recogniser whose embeddings a student learns. */
export interface Teacher {
  /** @returns `TEACHER_SIZE` values for each face; only their direction counts */
  embed(faces: readonly CachedFace[]): Promise<Float32Array[]>;
  dispose(): void;
}
