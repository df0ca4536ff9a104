import { z } from 'zod';

z.config({ jitless: true });

/** A small text that outlives a reload. */
export interface Memory {
  /** null where there is none, or it cannot be read */
  read(): string | null;
  /** @returns whether it is kept */
  write(text: string): boolean;
}

const reloadSchema = z.object({
  /** ISO 8601, UTC */
  at: z.string(),
  why: z.string(),
});

const noteSchema = z.object({
  /** reloads in a row */
  count: z.int().min(0).max(1_000_000),
  /** the newest last */
  last: z.array(reloadSchema).max(100),
});

/** The kiosk's own reloads, as they are kept from page to page. */
export type ReloadNote = z.infer<typeof noteSchema>;

/** reloads that are kept for the health view */
const KEPT = 5;
const EMPTY: ReloadNote = { count: 0, last: [] };

/** A note that is damaged counts as none. */
export function readReloads(memory: Memory): ReloadNote {
  try {
    return noteSchema.parse(JSON.parse(memory.read() ?? 'null'));
  } catch {
    return EMPTY;
  }
}

/** @returns whether the reload is noted: without a note the page could reload for ever */
export function noteReload(memory: Memory, at: string, why: string): boolean {
  const { count, last } = readReloads(memory);
  return memory.write(JSON.stringify({ count: count + 1, last: [...last.slice(1 - KEPT), { at, why }] }));
}

/** The row of reloads is over; what they were for stays for staff to read. */
export function endReloads(memory: Memory): void {
  memory.write(JSON.stringify({ ...readReloads(memory), count: 0 }));
}
