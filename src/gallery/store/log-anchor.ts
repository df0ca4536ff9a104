import { z } from 'zod';
import { headSchema, type LogHead } from './access-log.ts';
import type { Note } from './note.ts';

z.config({ jitless: true });

const anchorSchema = z.strictObject({
  /** which installation wrote it; see `Installation.fingerprint` */
  installation: z.string().min(1),
  ...headSchema.shape,
});

/**
 * Where the log ends, noted outside of the database: lines that are cut off together with the log's own note of its end are then
 * missed. It follows what is written as long as the log goes on from where it stood; once it does not, it stays as it is.
 */
export class LogAnchor {
  readonly #note: Note;
  readonly #installation: string;
  #kept: LogHead | null;

  /** @param installation fingerprint of this one: the note of another says nothing of this log */
  constructor(note: Note, installation: string) {
    this.#note = note;
    this.#installation = installation;
    this.#kept = readAnchor(note, installation);
  }

  /** The end as it was noted; null where there is no note. */
  get kept(): LogHead | null {
    return this.#kept;
  }

  /** Lines were written. @param before where the log ended before them */
  follow(before: LogHead, head: LogHead): void {
    const kept = this.#kept;
    if (kept && (kept.seq !== before.seq || kept.hash !== before.hash)) return;
    this.#keep(head);
  }

  /**
   * At a start, where the last lines were written and the note of them was not: the caller has seen that the log holds the note.
   */
  catchUp(head: LogHead): void {
    this.#keep(head);
  }

  /** Staff empty the kiosk. */
  forget(): void {
    this.#note.write(null);
  }

  #keep({ seq, hash }: LogHead): void {
    this.#kept = { seq, hash };
    this.#note.write(JSON.stringify({ installation: this.#installation, seq, hash }));
  }
}

function readAnchor(note: Note, mine: string): LogHead | null {
  try {
    const { installation, seq, hash } = anchorSchema.parse(JSON.parse(note.read() ?? 'null'));
    return installation === mine ? { seq, hash } : null;
  } catch {
    return null;
  }
}
