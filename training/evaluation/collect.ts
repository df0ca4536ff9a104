import type { EmbeddingRole } from '@rounz/core/model/embedder.ts';
import { decodeImage } from '../data/decode.ts';
import type { SetFile } from '../data/set-file.ts';
import { startProgress } from '../util/progress.ts';
import type { Capture, Recogniser } from './recogniser.ts';

/** Pictures that go through the recogniser together: enough to keep the embedder busy, little enough for any memory. */
const BATCH = 32;

/** Embedding by picture; null where no face was found or the file is no picture. */
export type Embeddings = ReadonlyMap<string, Float32Array | null>;

/** As `Embeddings`, with everything that the recogniser told. */
export type Captures = ReadonlyMap<string, Capture | null>;

/** What a picture's embedding is for, by its path. */
export type RoleOf = (path: string) => EmbeddingRole;

const asTemplate: RoleOf = () => 'template';

/**
 * Puts every picture through the recogniser and hands each result on in order. A file that does not decode is reported on
 * stderr and counts as a picture without a face.
 */
export async function captureFiles(
  recogniser: Recogniser,
  files: AsyncIterable<SetFile>,
  total: number,
  onResult: (path: string, capture: Capture | null) => void,
  roleOf: RoleOf = asTemplate,
): Promise<void> {
  const progress = startProgress({ title: recogniser.name, total, unit: 'pictures' });
  try {
    for await (const batch of batches(files, BATCH)) {
      const captures = await captureBatch(recogniser, batch, roleOf);
      for (const [row, { path }] of batch.entries()) onResult(path, captures[row] ?? null);
      progress.add(batch.length);
    }
  } finally {
    progress.stop();
  }
}

/** As `captureFiles`, into a map. */
export async function collectCaptures(
  recogniser: Recogniser,
  files: AsyncIterable<SetFile>,
  total: number,
  roleOf?: RoleOf,
): Promise<Captures> {
  const captures = new Map<string, Capture | null>();
  await captureFiles(recogniser, files, total, (path, capture) => captures.set(path, capture), roleOf);
  return captures;
}

/** The embeddings of bare captures, each through `pick` (one model of several). */
export function embeddingsOf(
  captures: Captures,
  pick: (embedding: Float32Array) => Float32Array = (embedding) => embedding,
): Embeddings {
  return new Map([...captures].map(([path, capture]) => [path, capture && pick(capture.embedding)]));
}

/**
 * The embeddings of the captures with an outfit drawn on. A picture without a face stays one; a face that nothing could be
 * drawn on is left out.
 */
export function drawnEmbeddingsOf(
  captures: Captures,
  outfit: string,
  pick: (embedding: Float32Array) => Float32Array = (embedding) => embedding,
): Embeddings {
  const drawn = new Map<string, Float32Array | null>();
  for (const [path, capture] of captures) {
    const embedding = capture?.drawn.get(outfit);
    if (capture === null) drawn.set(path, null);
    else if (embedding) drawn.set(path, pick(embedding));
  }
  return drawn;
}

async function captureBatch(
  recogniser: Recogniser,
  batch: readonly SetFile[],
  roleOf: RoleOf,
): Promise<(Capture | null)[]> {
  const pictures = await Promise.all(
    batch.map(({ path, bytes }) =>
      decodeImage(bytes).catch((error: unknown) => {
        process.stderr.write(`${path} is not a picture that can be read (${error}); counted as no face.\n`);
        return null;
      }),
    ),
  );
  const readable = pictures.filter((picture) => picture !== null);
  const roles = batch.flatMap(({ path }, i) => (pictures[i] ? [roleOf(path)] : []));
  const captures = (await recogniser.capture(readable, roles)).values();
  return pictures.map((picture) => (picture ? (captures.next().value ?? null) : null));
}

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
