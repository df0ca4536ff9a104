import { createWriteStream } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { end, type Share, type ShareIndex, shareFiles, write } from './align-set.ts';
import { type AlignedSetIndex, alignedFiles, CROP_BYTES, MESH_VALUES } from './aligned-set.ts';

/**
 * Joins the shares of a set in the set's own order. The index is renamed into place last, so that a set is there whole
 * or not at all.
 */
export async function mergeShares(outFolder: string, set: string, count: number): Promise<AlignedSetIndex> {
  const shares = Array.from({ length: count }, (_, index) =>
    shareFiles(outFolder, set, { index, count } satisfies Share),
  );
  const indices = await Promise.all(
    shares.map(async ({ index }) => JSON.parse(await readFile(index, 'utf8')) as ShareIndex),
  );
  const rows = indices
    .flatMap((one, share) => one.rows.map((row, at) => ({ ...row, share, at })))
    .sort((p, q) => p.position - q.position);
  const paths = (list: 'missed' | 'unreadable') =>
    indices
      .flatMap((one) => one[list])
      .sort((p, q) => p.position - q.position)
      .map((one) => one.path);
  const files = alignedFiles(outFolder, set);
  await gather(
    shares.map((share) => share.crops),
    rows,
    CROP_BYTES,
    files.crops,
  );
  await gather(
    shares.map((share) => share.mesh),
    rows,
    MESH_VALUES * 4,
    files.mesh,
  );
  const content: AlignedSetIndex = {
    format: 1,
    set,
    records: rows.map((row) => row.record),
    missed: paths('missed'),
    unreadable: paths('unreadable'),
    oddities: indices.flatMap((one) => one.oddities),
  };
  await writeFile(`${files.index}.tmp`, JSON.stringify(content));
  await rename(`${files.index}.tmp`, files.index);
  for (const share of shares) for (const file of Object.values(share)) await rm(file, { force: true });
  return content;
}

async function gather(
  parts: readonly string[],
  rows: readonly { share: number; at: number }[],
  rowBytes: number,
  target: string,
): Promise<void> {
  const handles = await Promise.all(parts.map((part) => open(part, 'r')));
  const stream = createWriteStream(`${target}.tmp`);
  for (const { share, at } of rows) {
    const { buffer } = await handles[share]!.read(new Uint8Array(rowBytes), 0, rowBytes, at * rowBytes);
    await write(stream, buffer);
  }
  await end(stream);
  await Promise.all(handles.map((handle) => handle.close()));
  await rename(`${target}.tmp`, target);
}
