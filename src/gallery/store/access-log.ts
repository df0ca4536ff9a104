import { z } from 'zod';
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
import { words } from '../errors.ts';
import type { AccessLog, LogAction, LogEntry } from '../types.ts';
import type { StoredLogLine } from './database.ts';

z.config({ jitless: true });

/** A line to be written. */
export interface LogLine {
  readonly actor: LogEntry['actor'];
  readonly action: LogAction;
  readonly person?: string;
  readonly detail?: string;
}

/** Where the chain ends. */
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
const chained = async (previous: string, seq: number, at: string, box: Bytes): Promise<string> =>
  toHex(await sha256(concat(fromHex(previous), jsonBytes([seq, at]), box)));

/** Makes the next lines of the chain; nothing is written yet. Anybody can write a line, staff alone can read one. */
export async function nextLines(
  head: LogHead,
  lines: readonly LogLine[],
  staff: CryptoKey,
  at: string,
): Promise<{ readonly lines: readonly StoredLogLine[]; readonly head: LogHead }> {
  let { seq, hash } = head;
  const made: StoredLogLine[] = [];
  for (const { actor, action, person = null, detail = null } of lines) {
    seq += 1;
    const box = await closeBox(staff, binding(seq, at), jsonBytes({ actor, action, person, detail }));
    hash = await chained(hash, seq, at, box);
    made.push({ seq, at, box, hash });
  }
  return { lines: made, head: { seq, hash } };
}

/** Reads the log and checks every link. Lines up to the first broken one are given. */
export async function readLog(
  stored: readonly unknown[],
  head: LogHead | null,
  staff: CryptoKey,
): Promise<AccessLog> {
  const entries: LogEntry[] = [];
  let { seq, hash } = EMPTY_LOG;
  const broken = (reason: string): AccessLog => ({ entries, intact: { ok: false, reason } });
  for (const one of stored) {
    const parsed = lineSchema.safeParse(one);
    if (!parsed.success) return broken(`Line ${seq + 1} does not have the form of a line.`);
    const line = parsed.data;
    if (line.seq !== seq + 1) return broken(`Line ${seq + 1} is missing.`);
    hash = await chained(hash, line.seq, line.at, line.box);
    if (!equalBytes(fromHex(hash), fromHex(line.hash)))
      return broken(`Line ${line.seq} was changed: it does not fit the lines before it.`);
    try {
      const plain = await openBox(staff, binding(line.seq, line.at), line.box);
      const content = contentSchema.parse(fromJsonBytes(plain));
      entries.push({
        seq: line.seq,
        at: line.at,
        hash,
        ...content,
        action: content.action as LogAction,
      });
    } catch (error) {
      return broken(`Line ${line.seq} cannot be read (${words(error)}).`);
    }
    seq = line.seq;
  }
  if (!head) return broken('The note of where the log ends is damaged.');
  if (head.seq !== seq || head.hash !== hash)
    return broken(`The log ends at line ${seq}, but ${head.seq} lines were written.`);
  return { entries, intact: { ok: true } };
}
