import { errorMessage } from '@rounz/core/error-message.ts';
import { z } from 'zod';
import type { Progress } from '../contract/backup.ts';
import type { StaffName } from '../contract/lock.ts';
import type { LogAction, LogEntry } from '../contract/log.ts';
import { closeBox, openBox } from '../crypto/box.ts';
import {
  type Bytes,
  concat,
  equalBytes,
  fromHex,
  fromJsonBytes,
  jsonBytes,
  sha256,
  toHex,
} from '../crypto/bytes.ts';
import type { StoredLogLine } from './database.ts';

z.config({ jitless: true });

/** A line to be written. */
export interface LogLine {
  readonly actor: LogEntry['actor'];
  /** absent: of staff's lines whoever has opened the console, of others nobody */
  readonly by?: StaffName | null;
  readonly action: LogAction;
  readonly person?: string;
  readonly detail?: string;
}

/** The end of the chain. */
export interface LogHead {
  readonly seq: number;
  /** hex */
  readonly hash: string;
}

export const EMPTY_LOG: LogHead = { seq: 0, hash: '0'.repeat(64) };

export const headSchema = z.strictObject({
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

const contentSchema = z.strictObject({
  actor: z.enum(['staff', 'person', 'kiosk']),
  by: z
    .union([z.literal('main'), z.strictObject({ id: z.uuid(), name: z.string() })])
    .nullable()
    .default(null),
  action: z.string().min(1),
  person: z.string().nullable(),
  detail: z.string().nullable(),
});

const lineSchema = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  box: z.custom<Bytes>((value) => value instanceof Uint8Array),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

const binding = (seq: number, at: string) => ['log', seq, at] as const;

/** sha256 over the previous hash, the line's plain fields and its box. */
export const chained = async (previous: string, seq: number, at: string, box: Bytes): Promise<string> =>
  toHex(await sha256(concat(fromHex(previous), jsonBytes([seq, at]), box)));

/** Lines to be written, and the end of the log with them. */
export interface NextLines {
  readonly lines: readonly StoredLogLine[];
  readonly head: LogHead;
}

/** Makes the next lines of the chain; nothing is written yet. Anybody can write a line, staff alone can read one. */
export async function nextLines(
  head: LogHead,
  lines: readonly LogLine[],
  staff: CryptoKey,
  at: string,
): Promise<NextLines> {
  let { seq, hash } = head;
  const made: StoredLogLine[] = [];
  for (const { actor, by = null, action, person = null, detail = null } of lines) {
    seq += 1;
    const box = await closeBox(staff, binding(seq, at), jsonBytes({ actor, by, action, person, detail }));
    hash = await chained(hash, seq, at, box);
    made.push({ seq, at, box, hash });
  }
  return { lines: made, head: { seq, hash } };
}

export type Line = z.infer<typeof lineSchema>;

/** The valid lines, and why the next one is invalid. */
export interface Sound {
  readonly lines: readonly Line[];
  readonly broken: string | null;
}

/** Lines that have the form of one, follow `before` without a gap, and are chained to it. A check of a link takes one hash. */
export const soundLines = (stored: readonly unknown[], before: LogHead): Promise<Sound> =>
  soundLinks(inOrder(stored, before.seq), before);

function inOrder(stored: readonly unknown[], after: number): Sound {
  const lines: Line[] = [];
  for (const one of stored) {
    const next = after + lines.length + 1;
    const parsed = lineSchema.safeParse(one);
    if (!parsed.success) return { lines, broken: `Line ${next} does not have the form of a line.` };
    if (parsed.data.seq !== next) return { lines, broken: `Line ${next} is missing.` };
    lines.push(parsed.data);
  }
  return { lines, broken: null };
}

/** links checked at a time */
const LINKS = 256;

async function soundLinks({ lines, broken }: Sound, before: LogHead): Promise<Sound> {
  for (let start = 0; start < lines.length; start += LINKS) {
    const some = lines.slice(start, start + LINKS);
    const hold = await Promise.all(
      some.map((line, i) => isLinked(line, lines[start + i - 1]?.hash ?? before.hash)),
    );
    const wrong = hold.indexOf(false);
    if (wrong < 0) continue;
    return {
      lines: lines.slice(0, start + wrong),
      broken: `Line ${some[wrong]!.seq} was changed: it does not fit the lines before it.`,
    };
  }
  return { lines, broken };
}

const isLinked = async ({ seq, at, box, hash }: Line, before: string): Promise<boolean> =>
  equalBytes(fromHex(await chained(before, seq, at, box)), fromHex(hash));

/** lines read at a time: as many exchanges of keys keep every core busy */
const READ = 64;

/** Staff's private keys that open lines. */
export interface LogKeys {
  readonly current: CryptoKey;
  /** of before new keys, oldest first, with the number of the last line that each opens; null: damaged */
  readonly former: readonly { readonly until: number; readonly key: CryptoKey | null }[];
}

/** @throws Error where that key is damaged */
function keyOf({ current, former }: LogKeys, seq: number): CryptoKey {
  const older = former.find(({ until }) => seq <= until);
  if (!older) return current;
  if (!older.key) throw new Error('Its key was made before the keys of now, and is damaged.');
  return older.key;
}

/** Opens lines. Those from the first one on that cannot be read are not given. */
export async function readLines(
  lines: readonly Line[],
  staff: LogKeys,
  onProgress: Progress = () => {},
): Promise<{ readonly entries: readonly LogEntry[]; readonly broken: string | null }> {
  const entries: LogEntry[] = [];
  for (let start = 0; start < lines.length; start += READ) {
    const some = lines.slice(start, start + READ);
    const read = await Promise.all(
      some.map((line) => readLine(line, staff).catch((error: unknown) => ({ error }))),
    );
    for (const [i, one] of read.entries()) {
      if ('error' in one)
        return { entries, broken: `Line ${some[i]!.seq} cannot be read (${errorMessage(one.error)}).` };
      entries.push(one);
    }
    onProgress(entries.length / lines.length);
  }
  return { entries, broken: null };
}

async function readLine({ seq, at, box, hash }: Line, staff: LogKeys): Promise<LogEntry> {
  const content = contentSchema.parse(fromJsonBytes(await openBox(keyOf(staff, seq), binding(seq, at), box)));
  return { seq, at, hash, ...content, action: content.action as LogAction };
}
