import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A small text that outlives the page; null: none. */
export interface UpkeepMemory {
  readonly read: () => string | null;
  readonly write: (text: string) => void;
}

/** What has to be done again and again, and when it was done last. */
export interface UpkeepNotes {
  readonly store: StoreApi<{ readonly lastBackup: string | null }>;
  /** A backup was made. */
  backedUp(): void;
}

/** A note that is no date counts as none. */
const dateOf = (text: string | null): string | null =>
  text !== null && Number.isFinite(Date.parse(text)) ? text : null;

export function createUpkeep(memory: UpkeepMemory, clock: Clock): UpkeepNotes {
  const store = createStore(() => ({ lastBackup: dateOf(memory.read()) }));
  return {
    store,
    backedUp() {
      const lastBackup = clock.date();
      store.setState({ lastBackup });
      memory.write(lastBackup);
    },
  };
}
