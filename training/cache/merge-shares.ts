import { createWriteStream } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { end, write } from '../util/file-stream.ts';
import { type AlignedSetIndex, alignedFiles, CROP_BYTES, MESH_VALUES } from './aligned-set.ts';
import { readShare, removeShare, type Share, type ShareRow, shareFiles } from './share-log.ts';

/** Where a face lies: the row of a share's files. */
interface Place {
  readonly share: number;
  readonly at: number;
}

type PlacedRow = ShareRow & Place;

/**
 * Joins the shares of a set in the set's own order. The index is renamed into place last, so that a set is there whole
 * or not at all.
 */
export async function mergeShares(outFolder: string, set: string, count: number): Promise<AlignedSetIndex> {
  const files = Array.from({ length: count }, (_, index) =>
    shareFiles(outFolder, set, { index, count } satisfies Share),
  );
  const shares = await Promise.all(files.map(readShare));
  const rows = shares
    .flatMap(({ rows: own }, share) => placed(own, share))
    .sort((p, q) => p.position - q.position);
  const faces = rows.flatMap((row) => ('record' in row ? [row] : []));
  const target = alignedFiles(outFolder, set);
  await gather(
    files.map(({ crops }) => crops),
    faces,
    CROP_BYTES,
    target.crops,
  );
  await gather(
    files.map(({ mesh }) => mesh),
    faces,
    MESH_VALUES * 4,
    target.mesh,
  );
  const { skipped, remarks, litter, others } = shares[0]!.end.notes;
  const unreadable = rows.flatMap((row) => ('why' in row ? [{ path: row.path, why: row.why }] : []));
  const content: AlignedSetIndex = {
    format: 1,
    set,
    records: faces.map(({ record }) => record),
    missed: rows.flatMap((row) => ('missed' in row ? [row.path] : [])),
    skipped: [...unreadable, ...skipped],
    remarks: [...remarks],
    others: Object.fromEntries(others),
    litter,
  };
  await writeFile(`${target.index}.tmp`, JSON.stringify(content));
  await rename(`${target.index}.tmp`, target.index);
  for (const share of files) await removeShare(share);
  return content;
}

/** Rows with the place of their face. */
function placed(rows: readonly ShareRow[], share: number): PlacedRow[] {
  let at = 0;
  return rows.map((row) => ({ ...row, share, at: 'record' in row ? at++ : -1 }));
}

async function gather(
  parts: readonly string[],
  rows: readonly Place[],
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
