import { type FileHandle, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import type { SetNotes } from '../data/set-notes.ts';
import { type AlignedRecord, alignedFiles, CROP_BYTES, MESH_VALUES } from './aligned-set.ts';

/** Which pictures of the set this process takes: those whose position is `index` modulo `count`. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** What became of a picture: a face, none, or no picture. `position` is that in the set. */
export type ShareRow = { readonly position: number; readonly path: string } & (
  | { readonly record: AlignedRecord }
  | { readonly missed: true }
  | { readonly why: string }
);

/** The last line of a share that is done; the notes come with the first share, since every process meets the same. */
export interface ShareEnd {
  readonly notes: Pick<SetNotes, 'skipped' | 'remarks' | 'litter'> & {
    readonly others: readonly (readonly [ending: string, count: number])[];
  };
}

/** A face's bytes. */
export interface FaceBytes {
  /** RGB, 144 x 144 x 3 */
  readonly crop: Uint8Array;
  /** x, y in the crop's pixels, 468 x 2 */
  readonly mesh: Float32Array;
}

/** Temporary files of one share: crops, meshes, and a log with a line for each picture. */
export function shareFiles(outFolder: string, set: string, { index, count }: Share) {
  const suffix = `.part-${index}-of-${count}`;
  const { crops, mesh, index: log } = alignedFiles(outFolder, set);
  return { crops: crops + suffix, mesh: mesh + suffix, log: log + suffix };
}

type Files = ReturnType<typeof shareFiles>;
type Handles = Readonly<Record<keyof Files, FileHandle>>;

/** Pictures between two writes: what is lost when a process is killed. */
const WRITE_EVERY = 16;

const isFace = (row: ShareRow): boolean => 'record' in row;

/**
 * A share's log and faces, written as the work goes on; a share that was stopped is taken up where it ends. The log is
 * written last, so that every face of it has its bytes.
 */
export class ShareLog {
  /** what an earlier run has done, in order */
  readonly done: ShareRow[];
  readonly #files: Files;
  readonly #job: string;
  readonly #handles: Handles;
  #rows: ShareRow[] = [];
  #faces: FaceBytes[] = [];

  private constructor(files: Files, job: string, done: ShareRow[], handles: Handles) {
    [this.#files, this.#job, this.done, this.#handles] = [files, job, done, handles];
  }

  /**
   * @param job what the share's rows depend on; a log of another job is begun anew
   * @param afresh begin anew in any case
   */
  static async open(files: Files, job: string, afresh: boolean): Promise<ShareLog> {
    const done = afresh ? [] : await readDone(files, job);
    const [crops, mesh, log] = await Promise.all(
      [files.crops, files.mesh, files.log].map((file) => open(file, 'a')),
    );
    const share = new ShareLog(files, job, done, { crops: crops!, mesh: mesh!, log: log! });
    await share.keep(done.length);
    return share;
  }

  /** Forgets what was done behind the first `count` pictures. */
  async keep(count: number): Promise<void> {
    this.done.length = Math.min(count, this.done.length);
    const faces = this.done.filter(isFace).length;
    const lines = [this.#job, ...this.done.map((row) => JSON.stringify(row))];
    await truncate(this.#files.crops, faces * CROP_BYTES);
    await truncate(this.#files.mesh, faces * MESH_VALUES * 4);
    await truncate(this.#files.log, 0);
    await this.#handles.log.write(`${lines.join('\n')}\n`);
  }

  async add(row: ShareRow, face?: FaceBytes): Promise<void> {
    this.#rows.push(row);
    if (face) this.#faces.push(face);
    if (this.#rows.length >= WRITE_EVERY) await this.#write();
  }

  async #write(): Promise<void> {
    const [rows, faces] = [this.#rows, this.#faces];
    [this.#rows, this.#faces] = [[], []];
    if (rows.length === 0) return;
    const { crops, mesh, log } = this.#handles;
    await crops.writeFile(Buffer.concat(faces.map((face) => face.crop)));
    await mesh.writeFile(
      Buffer.concat(
        faces.map(
          ({ mesh: { buffer, byteOffset, byteLength } }) => new Uint8Array(buffer, byteOffset, byteLength),
        ),
      ),
    );
    await log.writeFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  async finish(end: ShareEnd): Promise<void> {
    await this.#write();
    await this.#handles.log.writeFile(`${JSON.stringify(end)}\n`);
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#handles).map((handle) => handle.close()));
  }
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;

/** The rows of a log whose faces are all there; a line that was cut ends it. */
async function readDone(files: Files, job: string): Promise<ShareRow[]> {
  const text = await readFile(files.log, 'utf8').catch(() => '');
  const lines = text.split('\n');
  lines.pop();
  if (lines[0] !== job) return [];
  const faces = Math.min(
    Math.floor((await sizeOf(files.crops)) / CROP_BYTES),
    Math.floor((await sizeOf(files.mesh)) / (MESH_VALUES * 4)),
  );
  const rows: ShareRow[] = [];
  let have = 0;
  for (const line of lines.slice(1)) {
    const row = JSON.parse(line) as ShareRow | ShareEnd;
    if ('notes' in row) break;
    if (isFace(row) && ++have > faces) break;
    rows.push(row);
  }
  return rows;
}

/** A share that is done. */
export interface FinishedShare {
  readonly rows: readonly ShareRow[];
  readonly end: ShareEnd;
}

/** @throws Error where the share's process did not come to its end */
export async function readShare(files: Files): Promise<FinishedShare> {
  const lines = (await readFile(files.log, 'utf8')).trimEnd().split('\n').slice(1);
  const last = JSON.parse(lines.pop() ?? '{}') as Partial<ShareEnd>;
  if (!last.notes) throw new Error(`${files.log} is not whole; run align again.`);
  return { rows: lines.map((line) => JSON.parse(line) as ShareRow), end: { notes: last.notes } };
}

export async function removeShare(files: Files): Promise<void> {
  for (const file of Object.values(files)) await rm(file, { force: true });
}
