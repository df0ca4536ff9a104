import type { LogLine } from './access-log.ts';
import type { StoredIdentity, StoredStaffPart, StoredTemplates, Tombstone } from './database.ts';
import type { Identity, KeptTemplate } from './records.ts';
import type { UndoWrite } from './undo-rows.ts';

/** A person in memory: what the shopper's side needs, and which key opens the record. */
export interface Entry {
  readonly id: string;
  readonly demo: boolean;
  readonly keyId: string;
  readonly identity: Identity;
}

export interface TemplateSet {
  readonly epoch: number;
  readonly revision: number;
  readonly templates: readonly KeptTemplate[];
}

/** A person's records as they are stored: they may hold anything. */
export interface PersonRecords {
  readonly identity: StoredIdentity | undefined;
  readonly templates: StoredTemplates | undefined;
  readonly staff: StoredStaffPart | undefined;
}

export interface StaffWords {
  readonly note: string;
  readonly telephone: string | null;
}

/** A person to be written. What is absent stays as it is. */
export interface PersonWrite {
  readonly id: string;
  readonly demo: boolean;
  readonly identity: Identity;
  /** under the transform of the change's epoch */
  readonly templates?: readonly KeptTemplate[];
  readonly note?: string;
  readonly telephone?: string | null;
}

/** A new pair of staff's keys. */
export interface NewStaffKeys {
  /** closes boxes for staff */
  readonly publicKey: CryptoKey;
  /** of staff's signatures */
  readonly verifier: CryptoKey;
  /** Called once it is written: the lock has the private key. */
  adopt(): void;
}

/** Keys that are written with a change and in force from then on. */
export interface NewKeys {
  readonly pepper: CryptoKey;
  /** from the next start on */
  readonly device: CryptoKey;
  /** null: the pair stays, because no PIN protects it yet */
  readonly staff: NewStaffKeys | null;
}

/** What one transaction changes. */
export interface Change {
  readonly put?: readonly PersonWrite[];
  /** people who withdrew or were deleted; each leaves a tombstone */
  readonly remove?: readonly string[];
  /** withdrawals that another kiosk's backup tells of */
  readonly bury?: readonly Tombstone[];
  /** records to be removed without a tombstone: damaged or expired ones, or those that a backup replaces */
  readonly discard?: readonly string[];
  readonly meta?: readonly { readonly id: string; readonly value: unknown }[];
  /** the epoch from now on, after a re-key */
  readonly epoch?: number;
  readonly keys?: NewKeys;
  /** ids of version 1's records that were moved */
  readonly legacyDone?: readonly string[];
  /** what undoing the change takes, where staff may undo it for a while */
  readonly keep?: UndoWrite;
  /** ids of kept acts that cannot be undone any more */
  readonly release?: readonly string[];
  readonly log: readonly LogLine[];
  /** ISO 8601, UTC */
  readonly at: string;
}

/** What became of a change, for those who mirror the templates. */
export interface Committed {
  readonly revision: number;
  readonly templatesPut: readonly { readonly id: string; readonly templates: readonly KeptTemplate[] }[];
  readonly removed: readonly string[];
}
