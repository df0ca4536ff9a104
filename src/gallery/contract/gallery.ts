import type { ReadSettings } from '@rounz/core/settings/settings.ts';
import type { Customers } from './customers.ts';
import type { StaffLock } from './lock.ts';
import type { Matcher } from './matching.ts';
import type { DamagedRecord, NewPerson, Person } from './person.ts';
import type { KeptRecogniser, ModelRecord } from './recogniser.ts';
import type { SettingsRecord } from './settings.ts';
import type { StaffDesk } from './staff.ts';
import type { Tally } from './tally.ts';

/** A gallery that the browser lost: this kiosk held people, and its store is new without anybody having emptied it. */
export interface LostGallery {
  /** how many it held, 1.. */
  readonly people: number;
  /** when it was last seen with them; ISO 8601, UTC */
  readonly lastSeen: string;
}

/**
 * The computer's clock is not believed: nobody is erased because a consent ran out until it is right, or staff confirm the date.
 */
export interface DoubtedClock {
  /** too far ahead of what is known, or behind it */
  readonly reason: 'ahead' | 'behind';
  /** what it says; ISO 8601, UTC */
  readonly clock: string;
  /** the latest moment that has surely been reached; ISO 8601, UTC */
  readonly known: string;
}

/** The store of enrolled people. Every write is one transaction: it happened whole or not at all. */
export interface Gallery {
  /** Reads everyone; damaged records are reported beside the others, which survive. */
  load(): Promise<{
    people: readonly Person[];
    damaged: readonly DamagedRecord[];
    /** what is gone, until staff acknowledge it or restore a backup */
    lost: LostGallery | null;
    /** null while the clock is believed */
    clock: DoubtedClock | null;
  }>;
  enrol(person: NewPerson): Promise<Person>;
  /** Removes a damaged record for good. */
  discardDamaged(id: string): Promise<void>;
  removeDemo(): Promise<void>;
  /**
   * Whether the kiosk whose records the browser lost made this backup: whoever has the file and its passphrase may then choose the
   * staff PIN anew. @throws BackupError where the file does not open
   */
  isOwnBackup(file: Blob, passphrase: string): Promise<boolean>;
  close(): void;
}

/** What the gallery tells while it opens, before everybody has been read: engine and camera can start meanwhile. */
export interface EarlyNews {
  readonly recogniser: KeptRecogniser;
  readonly settings: ReadSettings;
}

/** The whole engine, as `openGallery` gives it. */
export interface GalleryEngine extends Gallery {
  readonly recogniser: ModelRecord;
  readonly settings: SettingsRecord;
  readonly lock: StaffLock;
  readonly staff: StaffDesk;
  readonly customers: Customers;
  readonly matcher: Matcher;
  readonly tally: Tally;
}
