import { GALLERY } from '../base/config.ts';
import type { Progress } from '../contract/backup.ts';
import type { AccessLog, LogEntry } from '../contract/log.ts';
import {
  EMPTY_LOG,
  type Line,
  type LogHead,
  type LogKeys,
  readLines,
  type Sound,
  soundLines,
} from './access-log.ts';
import type { LogAnchor } from './log-anchor.ts';
import { isSigned, signCheckpoint } from './log-checkpoint.ts';
import { CHECKPOINT, type LogTable } from './log-table.ts';

/** A line that is known from elsewhere. */
interface Mark extends LogHead {
  /** what it means where the log does not hold it */
  readonly otherwise: string;
}

/** What is known of the log before a line of it is read. */
interface Frame {
  /** the last line that was removed after its time */
  readonly base: LogHead;
  readonly head: LogHead | null;
  readonly lastSeq: number;
  readonly marks: readonly Mark[];
  readonly problem: string | null;
}

interface WalkOptions {
  /** gets the lines that hold */
  readonly use?: (lines: readonly Line[]) => void;
  readonly onProgress?: Progress;
}

type Alone = (work: () => Promise<void>) => Promise<void>;

/** lines that are checked at a time */
const PART = 4_096;

/**
 * Checks and reads the log. The chain is followed from its end back, so that a look at the newest lines needs no look at the
 * others: each hash stands for all lines before it. The end itself is held to the sealed note of it, to the note outside of the
 * database, and to the checkpoint that staff signed.
 */
export class LogReader {
  readonly #table: LogTable;
  readonly #anchor: LogAnchor;
  /** of staff's signatures */
  #verifier: CryptoKey;

  constructor(table: LogTable, anchor: LogAnchor, verifier: CryptoKey) {
    this.#table = table;
    this.#anchor = anchor;
    this.#verifier = verifier;
  }

  /**
   * The newest lines, read, and checked with those around them. Nobody may write meanwhile.
   *
   * @param newest lines that are read, 0.. @param staff the private keys
   */
  async newest(newest: number, staff: LogKeys): Promise<AccessLog> {
    const frame = await this.#frame();
    const after = Math.max(frame.base.seq, frame.lastSeq - Math.max(newest, GALLERY.logAtOnce));
    const sound = await this.#sound(frame, after);
    const wanted = newest === 0 ? [] : sound.lines.slice(-newest);
    const { entries, broken } = await readLines(wanted, staff);
    const held = broken === null ? (sound.lines.at(-1)?.seq ?? after) : (entries.at(-1)?.seq ?? after);
    return {
      entries,
      first: frame.base.seq + 1,
      total: held - frame.base.seq,
      checkedFrom: after + 1,
      intact: verdict(broken ?? sound.broken),
    };
  }

  /** Checks every line that is kept, some thousand at a time; others may write meanwhile. */
  async check(onProgress: Progress = () => {}): Promise<AccessLog['intact']> {
    const frame = await this.#frame();
    return verdict((await this.#walk(frame, frame.base, { onProgress })).broken);
  }

  /** Checks and reads every line that holds. @param staff the private keys */
  async all(
    staff: LogKeys,
    onProgress: Progress = () => {},
  ): Promise<Pick<AccessLog, 'intact'> & { readonly entries: readonly LogEntry[] }> {
    const lines: Line[] = [];
    const frame = await this.#frame();
    const walked = await this.#walk(frame, frame.base, {
      use: (some) => lines.push(...some),
      onProgress: (share) => onProgress(share / 4),
    });
    const read = await readLines(lines, staff, (share) => onProgress(0.25 + share * 0.75));
    return { entries: read.entries, intact: verdict(read.broken ?? walked.broken) };
  }

  /** Where the log ends; null where the note of it is gone or damaged. */
  end(): Promise<LogHead | null> {
    return this.#table.head();
  }

  /** Whether the log held that line once, as a backup remembers it; null where it was removed after its time. */
  async held({ seq, hash }: LogHead): Promise<boolean | null> {
    const { base } = await this.#frame();
    if (seq < base.seq) return null;
    return (seq === base.seq ? base.hash : await this.#table.hashOf(seq)) === hash;
  }

  /** The note outside follows a log that holds it, also where it was left behind by a power cut. */
  async catchUp(): Promise<void> {
    const { kept } = this.#anchor;
    const head = await this.#table.head();
    if (!head || (kept && kept.seq > head.seq)) return;
    if (kept && (await this.held(kept)) === false) return;
    this.#anchor.catchUp(head);
  }

  /**
   * Signs where the log ends now, unless it does not go on from what was signed before. Others may write while that is checked.
   *
   * @param expired lines from before that moment are removed; null: none. Milliseconds since 1970
   * @param alone runs work while nobody else writes
   */
  async sign(signer: CryptoKey, at: string, expired: number | null, alone: Alone): Promise<void> {
    const before = await this.#frame();
    if (!before.head || before.problem) return;
    const signed = await this.#table.checkpoint().catch(() => null);
    const from = await this.#before(before, Math.max(before.base.seq, (signed?.head.seq ?? 0) - 1));
    const { broken, last } = await this.#walk(before, from);
    if (broken) return;
    await alone(async () => {
      const frame = await this.#frame();
      if (!frame.head || (await this.#table.hashOf(last.seq)) !== last.hash) return;
      if ((await this.#sound(frame, last.seq)).broken) return;
      const base = expired === null ? frame.base : await this.#expired(frame, expired);
      const checkpoint = await signCheckpoint(signer, base, frame.head, at);
      // New keys may have been made since this began.
      if (await isSigned(this.#verifier, checkpoint)) await this.#table.keep(checkpoint);
    });
  }

  /**
   * What new keys of staff have to know: numbers of the first line that is kept, and of the last one. Nobody may write meanwhile.
   */
  async span(): Promise<{ readonly first: number; readonly last: number }> {
    const { base } = await this.#frame();
    return { first: base.seq + 1, last: await this.#table.lastGiven() };
  }

  /** What staff signed with the key of now, signed with the next one: a value to be written with that. Nothing else is signed. */
  async resigned(signer: CryptoKey): Promise<readonly { readonly id: string; readonly value: unknown }[]> {
    const checkpoint = await this.#table.checkpoint().catch(() => null);
    if (!checkpoint || !(await isSigned(this.#verifier, checkpoint))) return [];
    const { base, head, at } = checkpoint;
    return [{ id: CHECKPOINT, value: await signCheckpoint(signer, base, head, at) }];
  }

  /** Staff have a new pair of keys. */
  adopt(verifier: CryptoKey): void {
    this.#verifier = verifier;
  }

  /** The last of the oldest lines that are from before that moment. The newest line always stays. */
  async #expired({ base, lastSeq }: Frame, before: number): Promise<LogHead> {
    let last = base;
    for (;;) {
      const { lines, broken } = await soundLines(await this.#table.lines(last.seq, PART), last);
      for (const { seq, hash, at } of lines) {
        if (Date.parse(at) >= before || seq >= lastSeq) return last;
        last = { seq, hash };
      }
      if (broken || lines.length === 0) return last;
    }
  }

  async #frame(): Promise<Frame> {
    const [head, lastSeq] = [await this.#table.head(), await this.#table.lastSeq()];
    const marks: Mark[] = [];
    const { kept } = this.#anchor;
    if (kept && kept.seq > 0)
      marks.push({ ...kept, otherwise: 'The note outside of the database knows another one.' });
    let base = EMPTY_LOG;
    let problem: string | null = head ? null : 'The note of where the log ends is damaged.';
    const checkpoint = await this.#table.checkpoint().catch(() => 'damaged' as const);
    if (checkpoint === 'damaged' || (checkpoint && !(await isSigned(this.#verifier, checkpoint))))
      problem ??= 'The signed checkpoint is damaged, or another key than the staff’s has made it.';
    else if (checkpoint) {
      base = checkpoint.base;
      marks.push({ ...checkpoint.head, otherwise: `Staff signed another one on ${checkpoint.at}.` });
    }
    return { base, head, lastSeq, marks, problem };
  }

  /** Lines above `after` that hold, to the end. */
  async #sound(frame: Frame, after: number): Promise<Sound> {
    const before = await this.#before(frame, after);
    const sound = await soundLines(await this.#table.lines(after), before);
    const broken =
      sound.broken ??
      markProblem(frame, sound.lines, before) ??
      endProblem(frame, sound.lines.at(-1) ?? before);
    return { lines: sound.lines, broken: broken ?? frame.problem };
  }

  /** Checks lines up to the end of the frame, some thousand at a time. @param from the line before the first */
  async #walk(
    frame: Frame,
    from: LogHead,
    { use = () => {}, onProgress = () => {} }: WalkOptions = {},
  ): Promise<{ readonly broken: string | null; readonly last: LogHead }> {
    const size = frame.lastSeq - from.seq;
    let last = from;
    while (last.seq < frame.lastSeq) {
      const stored = await this.#table.lines(last.seq, Math.min(PART, frame.lastSeq - last.seq));
      const { lines, broken } = await soundLines(stored, last);
      use(lines);
      const problem = broken ?? markProblem(frame, lines, last);
      if (problem) return { broken: problem, last };
      const newest = lines.at(-1);
      if (!newest) break;
      last = { seq: newest.seq, hash: newest.hash };
      onProgress((last.seq - from.seq) / size);
    }
    return { broken: endProblem(frame, last) ?? frame.problem, last };
  }

  async #before({ base }: Frame, after: number): Promise<LogHead> {
    if (after === base.seq) return base;
    return { seq: after, hash: (await this.#table.hashOf(after)) ?? EMPTY_LOG.hash };
  }
}

const verdict = (broken: string | null): AccessLog['intact'] =>
  broken === null ? { ok: true } : { ok: false, reason: broken };

/** Whether what is known of lines from elsewhere is what stands there. */
function markProblem({ marks, base }: Frame, lines: readonly Line[], before: LogHead): string | null {
  const from = lines[0]?.seq ?? before.seq + 1;
  const at = (seq: number): string | undefined =>
    seq === before.seq ? before.hash : lines[seq - from]?.hash;
  for (const { seq, hash, otherwise } of marks) {
    if (seq < base.seq) continue;
    const here = at(seq);
    if (here !== undefined && here !== hash) return `Line ${seq} was written anew. ${otherwise}`;
  }
  return null;
}

function endProblem({ head, marks }: Frame, { seq, hash }: LogHead): string | null {
  const known = Math.max(head?.seq ?? 0, ...marks.map((mark) => mark.seq));
  if (head && head.seq === seq && head.hash !== hash) return `Line ${seq} was written anew.`;
  return known <= seq ? null : `The log ends at line ${seq}, but ${known} lines were written.`;
}
