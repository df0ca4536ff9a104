import type { Decision } from '@rounz/core/match/decide.ts';
import type { Candidate, MatchTemplate } from '@rounz/core/match/gallery.ts';
import type { Calibrated } from '@rounz/core/match/impostors.ts';

/** One enrolled person as everyone in the kiosk may see them. Pictures are never kept, and templates never leave the engine. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC */
  readonly enrolledAt: string;
  readonly consent: Consent;
  readonly templates: readonly TemplateMark[];
  /** rendered people of the demonstration, removable with one touch */
  readonly demo: boolean;
}

/** What was agreed to. The engine adds `expiresAt` by core's `PEOPLE.retentionDays` where the caller gives none. */
export interface Consent {
  /** version of the text that was agreed to */
  readonly version: string;
  /** ISO 8601, UTC */
  readonly givenAt: string;
  /** language in which the text was read, BCP 47 */
  readonly language?: string;
  /** ISO 8601, UTC: from then on the person is purged by itself */
  readonly expiresAt?: string;
}

/** What is known of a kept template. The template itself never leaves the engine. */
export interface TemplateMark {
  /** sha256 of the weights that made it; never compared across */
  readonly modelHash: string;
  /** ISO 8601, UTC */
  readonly createdAt: string;
}

export interface Template extends TemplateMark {
  /** unit length */
  readonly embedding: Float32Array;
}

/** A record that failed its check on reading: kept aside, reported, never dropped silently. */
export interface DamagedRecord {
  readonly id: string;
  readonly reason: string;
}

/** A gallery that the browser lost: this kiosk held people, and its store has been made anew since, by nobody's wish. */
export interface LostGallery {
  /** how many it held, 1.. */
  readonly people: number;
  /** when it was last seen with them; ISO 8601, UTC */
  readonly lastSeen: string;
}

/** The way without a face: a telephone number and a PIN for the person's page. */
export interface TelephoneAccess {
  /** as typed; compared in its normal form, see core's `people/telephone.ts` */
  readonly telephone: string;
  /** 4 to 12 digits */
  readonly pin: string;
}

export interface NewPerson {
  readonly name: string;
  readonly consent: Consent;
  /** may be empty where `access` gives another way to the page */
  readonly templates: readonly Template[];
  readonly demo?: boolean;
  readonly access?: TelephoneAccess;
}

/** The store of enrolled people. Every write is one transaction: it happened whole or not at all. */
export interface Gallery {
  /** Reads everyone; damaged records are reported beside the others, which survive. */
  load(): Promise<{
    people: readonly Person[];
    damaged: readonly DamagedRecord[];
    /** what is gone, until staff acknowledge it or restore a backup */
    lost: LostGallery | null;
  }>;
  enrol(person: NewPerson): Promise<Person>;
  remove(id: string): Promise<void>;
  /** Removes a damaged record for good. */
  discardDamaged(id: string): Promise<void>;
  removeDemo(): Promise<void>;
  close(): void;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * The engine: what the kiosk and the staff console are built upon. Every rejected promise is a GalleryError whose message
 * says what happened, what it means and what to do; its `code` is for the screens.
 * ------------------------------------------------------------------------------------------------------------------ */

/** How strict matching is; what each means is `StaffDesk.strictnessChoices`. */
export type Strictness = 'lenient' | 'normal' | 'strict';

/** `unset`: first run, nobody has chosen a PIN yet and the console is open to whoever comes first. */
export type LockState =
  | { readonly kind: 'unset' }
  | {
      readonly kind: 'locked';
      /** wrong PINs in a row, also from before a reload */
      readonly failures: number;
      /** milliseconds since 1970 before which no PIN is tried; null: now */
      readonly retryAt: number | null;
    }
  | {
      readonly kind: 'open';
      /** milliseconds since 1970 at which it locks by itself unless `keepOpen` is called */
      readonly until: number;
    };

export type UnlockResult =
  | { readonly kind: 'open' }
  | { readonly kind: 'wrong'; readonly retryAt: number | null }
  /** too early: the PIN was not even tried */
  | { readonly kind: 'wait'; readonly retryAt: number };

export interface StaffLock {
  state(): LockState;
  /** Called with every change of the state. The result ends it. */
  subscribe(listener: (state: LockState) => void): () => void;
  /** First run alone. Leaves the console open. @throws GalleryError `weak-pin`: fewer than 6 digits, or 111111, 123456 */
  setPin(pin: string): Promise<void>;
  unlock(pin: string): Promise<UnlockResult>;
  /** The old PIN counts as an attempt to unlock. */
  changePin(oldPin: string, newPin: string): Promise<UnlockResult>;
  lock(): void;
  /** Somebody touched the console: the time starts anew. */
  keepOpen(): void;
}

/** What staff see of a person. */
export interface StaffPerson extends Person {
  readonly note: string;
  /** as typed; null where none was given or while a template is all there is */
  readonly telephone: string | null;
  /** pictures by the running model; 0: this person has to be enrolled anew, their old templates are kept and marked */
  readonly currentTemplates: number;
  readonly oldTemplates: number;
  readonly visits: number;
  /** ISO 8601, UTC */
  readonly lastVisit: string | null;
}

export type LogAction =
  | 'first-start'
  | 'pin-set'
  | 'pin-changed'
  | 'unlocked'
  | 'unlock-failed'
  | 'locked'
  | 'enrolled'
  | 'recognised'
  | 'looked-up'
  | 'look-up-failed'
  | 'page-opened'
  | 'frame-saved'
  | 'renamed'
  | 'note-changed'
  | 'access-changed'
  | 'picture-added'
  | 're-enrolled'
  | 'consent-renewed'
  | 'withdrawn'
  | 'expired'
  | 'deleted'
  | 'damaged-discarded'
  | 'demo-removed'
  | 'strictness-changed'
  | 'list-read'
  | 'log-read'
  | 'log-exported'
  | 'backup-made'
  | 'backup-restored'
  | 're-keyed'
  | 'loss-acknowledged'
  | 'migrated';

/** One line of the access log. It names nobody: `person` is the record's id, which says nothing once the record is gone. */
export interface LogEntry {
  /** 1, 2, 3 ... without gaps */
  readonly seq: number;
  /** ISO 8601, UTC */
  readonly at: string;
  readonly actor: 'staff' | 'person' | 'kiosk';
  readonly action: LogAction;
  readonly person: string | null;
  readonly detail: string | null;
  /** sha256 over the previous line's hash and this line as stored, hex */
  readonly hash: string;
}

export interface AccessLog {
  /** the newest of those asked for, oldest first */
  readonly entries: readonly LogEntry[];
  /** lines up to the first broken one, or all */
  readonly total: number;
  /** whether the chain holds from the first line to the head that the kiosk remembers; else what is wrong */
  readonly intact: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

export interface StrictnessChoice {
  readonly strictness: Strictness;
  /** share of strangers who would be greeted by somebody's name */
  readonly targetFpir: number;
  /** of how many strangers one is greeted wrongly, rounded: "1 in 100" */
  readonly oneStrangerIn: number;
  /** cosine for this gallery's size; null where the model carries no calibration */
  readonly threshold: number | null;
  /** people in the gallery by the running model */
  readonly gallerySize: number;
}

export type BackupProblem =
  | 'not-a-backup'
  | 'newer-format'
  | 'wrong-passphrase'
  | 'damaged'
  | 'truncated'
  | 'invalid-content';

export interface BackupPreview {
  /** ISO 8601, UTC */
  readonly madeAt: string;
  readonly people: number;
  readonly templates: number;
  /** in the backup alone: a merge adds them */
  readonly added: number;
  /** in both: a merge takes whichever was changed last */
  readonly updated: number;
  /** here and as new or newer: a merge leaves them */
  readonly unchanged: number;
  /** here alone: a replacement removes them */
  readonly removedByReplace: number;
  /** consent run out since the backup was made: never restored */
  readonly expired: number;
  /** withdrawn here since the backup was made: never restored by a merge */
  readonly withdrawn: number;
  readonly models: readonly string[];
}

export type RestoreMode = 'merge' | 'replace';
/** 0..1 */
export type Progress = (share: number) => void;

/** Staff's side. Everything here rejects with `locked` while the lock is. */
export interface StaffDesk {
  people(): Promise<{ people: readonly StaffPerson[]; damaged: readonly DamagedRecord[] }>;
  person(id: string): Promise<StaffPerson>;
  rename(id: string, name: string): Promise<void>;
  setNote(id: string, note: string): Promise<void>;
  /** null takes the way by telephone away */
  setAccess(id: string, access: TelephoneAccess | null): Promise<void>;
  addTemplates(id: string, templates: readonly Template[]): Promise<void>;
  /** Re-enrolment: these and no others from now on. */
  replaceTemplates(id: string, templates: readonly Template[]): Promise<void>;
  renewConsent(id: string, consent: Consent): Promise<void>;
  /** Deletes the person at once and for good; what is left is the log's line. */
  withdraw(id: string): Promise<void>;
  /** Checks the whole log and reads its newest lines; some milliseconds each. */
  log(newest: number): Promise<AccessLog>;
  /** The whole log as JSON lines, with its hashes, for an auditor. */
  exportLog(onProgress?: Progress): Promise<Blob>;
  strictness(): Strictness;
  setStrictness(strictness: Strictness): Promise<void>;
  strictnessChoices(): readonly StrictnessChoice[];
  /** One encrypted file. @throws GalleryError `weak-passphrase`: fewer than 12 characters */
  backup(passphrase: string, onProgress?: Progress): Promise<Blob>;
  /** Reads a whole backup and changes nothing. @throws BackupError (a GalleryError `backup-refused` with `problem`) */
  previewBackup(file: Blob, passphrase: string, onProgress?: Progress): Promise<BackupPreview>;
  /** One transaction: all of it or nothing. */
  restore(file: Blob, passphrase: string, mode: RestoreMode, onProgress?: Progress): Promise<BackupPreview>;
  /** New keys and a new transform: every template and backup key of before is worthless from then on. */
  rekey(onProgress?: Progress): Promise<void>;
  /** Staff know that the gallery of before is lost, and go on without it. */
  acknowledgeLoss(): Promise<void>;
  /** Removes everything, PIN and log included: the kiosk is as on its first day. */
  wipe(): Promise<void>;
}

/** What a person's own page shows. */
export interface CustomerPage {
  readonly id: string;
  readonly name: string;
  readonly enrolledAt: string;
  readonly demo: boolean;
  readonly consent: Consent;
  readonly visits: number;
  /** the visit before this one; ISO 8601, UTC */
  readonly lastVisit: string | null;
  /** catalogue ids, the newest last */
  readonly savedFrames: readonly string[];
  readonly hasTelephone: boolean;
  readonly hasFace: boolean;
}

export type LookupResult =
  | { readonly kind: 'found'; readonly page: CustomerPage }
  /** no such number, or the wrong PIN: which of the two is not told */
  | { readonly kind: 'wrong'; readonly retryAt: number | null }
  | { readonly kind: 'wait'; readonly retryAt: number };

/** The shopper's side: works while the staff console is locked and reaches nothing of staff's. */
export interface Customers {
  page(id: string): Promise<CustomerPage>;
  /** Counts a visit and writes the log's line. */
  visited(id: string, how: 'face' | 'telephone'): Promise<CustomerPage>;
  saveFrame(id: string, frameId: string): Promise<CustomerPage>;
  removeFrame(id: string, frameId: string): Promise<CustomerPage>;
  lookUp(access: TelephoneAccess): Promise<LookupResult>;
  /** The person has read the text of today and agrees to it, on their own page. */
  renewConsent(id: string, consent: Consent): Promise<CustomerPage>;
  /** Set by the person themselves on their own page. */
  setAccess(id: string, access: TelephoneAccess | null): Promise<void>;
  /** The person asks to be forgotten: at once and for good. */
  withdraw(id: string): Promise<void>;
}

/** The model that runs now. */
export interface RunningModel extends Calibrated {
  readonly modelHash: string;
}

export interface Matcher {
  /** Prepares the search for this model; quick where it was the last one too. Others' templates are kept and never compared. */
  setModel(model: RunningModel): Promise<void>;
  /** people whom the running model can know */
  size(): number;
  /** people none of whose templates the running model made: to be enrolled anew */
  stale(): readonly string[];
  /**
   * The open-set decision (core's `decide`) at the chosen strictness. Synchronous: under 20 ms for 100,000 people.
   *
   * @param without people to leave out ("not me")
   */
  identify(probe: MatchTemplate, without?: readonly string[]): Decision;
  /** As whom this face is already enrolled; asks for no lead over the next person. */
  alreadyEnrolled(probe: MatchTemplate): Candidate | null;
}

/** The whole engine, as `openGallery` gives it. */
export interface GalleryEngine extends Gallery {
  readonly lock: StaffLock;
  readonly staff: StaffDesk;
  readonly customers: Customers;
  readonly matcher: Matcher;
}
