import { SingleBar } from 'cli-progress';
import { decodeImage } from '../data/decode.ts';
import type { SetFile } from '../data/tar.ts';
import type { Recogniser } from './recogniser.ts';

/** Pictures that go through the recogniser together: enough to keep the embedder busy, little enough for any memory. */
const BATCH = 32;

/** Embedding by picture; null where no face was found or the file is no picture. */
export type Embeddings = ReadonlyMap<string, Float32Array | null>;

/**
 * Embeds every picture and hands each result on in order. A file that does not decode is reported on stderr and counts as a
 * picture without a face.
 */
export async function embedFiles(
  recogniser: Recogniser,
  files: AsyncIterable<SetFile>,
  total: number,
  onResult: (path: string, embedding: Float32Array | null) => void,
): Promise<void> {
  const bar = new SingleBar({
    format: `${recogniser.name} {bar} {value}/{total} pictures, {speed} a second, {eta_formatted} left`,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    etaBuffer: 200,
  });
  const start = performance.now();
  let done = 0;
  bar.start(total, 0, { speed: '-' });
  try {
    for await (const batch of batches(files, BATCH)) {
      const embeddings = await embedBatch(recogniser, batch);
      for (const [row, { path }] of batch.entries()) onResult(path, embeddings[row] ?? null);
      done += batch.length;
      bar.update(done, { speed: ((done * 1000) / (performance.now() - start)).toFixed(1) });
    }
  } finally {
    bar.stop();
  }
}

/** As `embedFiles`, into a map. */
export async function collectEmbeddings(
  recogniser: Recogniser,
  files: AsyncIterable<SetFile>,
  total: number,
): Promise<Embeddings> {
  const embeddings = new Map<string, Float32Array | null>();
  await embedFiles(recogniser, files, total, (path, embedding) => embeddings.set(path, embedding));
  return embeddings;
}

async function embedBatch(
  recogniser: Recogniser,
  batch: readonly SetFile[],
): Promise<(Float32Array | null)[]> {
  const pictures = await Promise.all(
    batch.map(({ path, bytes }) =>
      decodeImage(bytes).catch((error: unknown) => {
        process.stderr.write(`${path} is not a picture that can be read (${error}); counted as no face.\n`);
        return null;
      }),
    ),
  );
  const embeddings = (await recogniser.embed(pictures.filter((picture) => picture !== null))).values();
  return pictures.map((picture) => (picture ? (embeddings.next().value ?? null) : null));
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
