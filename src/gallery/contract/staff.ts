import type { Settings } from '@rounz/core/settings/settings.ts';
import type { BackupPreview, Needs, Progress, RestoreMode } from './backup.ts';
import type { AccessLog } from './log.ts';
import type { Strictness, StrictnessSides } from './matching.ts';
import type { Consent, DamagedRecord, Person, TelephoneAccess, Template } from './person.ts';
import type { ModelChoice } from './recogniser.ts';
import type { WeekCounts } from './tally.ts';
import type { MergePreview, UndoableAct } from './undo.ts';

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

/** What the kiosk itself can find wrong with people's data. */
export type FoundByKiosk = 'log-broken' | 'records-damaged' | 'gallery-lost';

/** When it first found each of what is wrong now; ISO 8601, UTC. */
export type FirstKnownDates = Readonly<Partial<Record<FoundByKiosk, string>>>;

/**
 * Staff's side. Everything here rejects with `locked` while the lock is. What says "asks for the PIN again" rejects with
 * `pin-again` unless `StaffLock.confirm` went before it.
 */
export interface StaffDesk {
  people(): Promise<{ people: readonly StaffPerson[]; damaged: readonly DamagedRecord[] }>;
  person(id: string): Promise<StaffPerson>;
  rename(id: string, name: string): Promise<void>;
  setNote(id: string, note: string): Promise<void>;
  /** null removes access by telephone */
  setAccess(id: string, access: TelephoneAccess | null): Promise<void>;
  addTemplates(id: string, templates: readonly Template[]): Promise<void>;
  /** Re-enrolment: replaces all templates. */
  replaceTemplates(id: string, templates: readonly Template[]): Promise<void>;
  /** Notes in both records that these two look alike and are two people: from then on the face of neither opens a page. */
  noteLookAlike(id: string, other: string): Promise<void>;
  renewConsent(id: string, consent: Consent): Promise<void>;
  /** The customer asks for it: deletes the person at once and for good; what is left is the log's line. */
  withdraw(id: string): Promise<void>;
  /** Staff think that the record should go: it leaves the gallery at once, and can be brought back for a day (`undo`). */
  remove(id: string): Promise<void>;
  /** What a merge of these two records would come to. */
  mergePreview(id: string, other: string): Promise<MergePreview>;
  /**
   * Makes two records of one person the first of them; no backup brings the other one back. Asks for the PIN again.
   *
   * @throws GalleryError `unlike` where the kiosk does not take both faces for one person
   */
  merge(id: string, other: string): Promise<void>;
  /** Staff's acts that can be undone: removals and merges of the last day, and the last change. The newest first. */
  undoable(): Promise<readonly UndoableAct[]>;
  /** Undoes one of them. What has changed since stays. @throws GalleryError `past-undo` */
  undo(actId: string): Promise<void>;
  /** Erases at once what is kept of a removal. */
  forget(actId: string): Promise<void>;
  /** What the kiosk decided, by week, the newest first: counts alone. */
  weeks(): readonly WeekCounts[];
  /** Reads the newest lines of the log, some milliseconds each, and checks them and some thousand before them. */
  log(newest: number): Promise<AccessLog>;
  /** Checks every line of the log: seconds for a year. */
  checkLog(onProgress?: Progress): Promise<AccessLog['intact']>;
  /** The whole log as JSON lines, with its hashes, for an auditor. Asks for the PIN again. */
  exportLog(onProgress?: Progress): Promise<Blob>;
  /** Keeps the shop's settings, with a line in the log. @throws ZodError where they do not fit their schema */
  setSettings(next: Settings): Promise<void>;
  /**
   * Makes the gallery belong to another recogniser. Templates of the one before are kept and marked: they count again once it is
   * taken back. Asks for the PIN again.
   */
  setRecogniser(choice: ModelChoice): Promise<void>;
  strictness(): Strictness;
  setStrictness(strictness: Strictness): Promise<void>;
  /** Both sides of each choice: strangers greeted, and own customers missed. */
  strictnessChoices(): readonly StrictnessSides[];
  /** One encrypted file. Asks for the PIN again. @throws GalleryError `weak-passphrase`: fewer than 12 characters */
  backup(passphrase: string, onProgress?: Progress, signal?: AbortSignal): Promise<Blob>;
  /** Reads a whole backup and changes nothing but the log. @throws BackupError (a GalleryError `backup-refused` with `problem`) */
  previewBackup(file: Blob, passphrase: string, onProgress?: Progress): Promise<BackupPreview>;
  /** One transaction: all of it or nothing. Asks for the PIN again. Until it begins `signal` stops it. @throws GalleryError `stopped`, `full` */
  restore(
    file: Blob,
    passphrase: string,
    mode: RestoreMode,
    onProgress?: Progress,
    signal?: AbortSignal,
  ): Promise<BackupPreview>;
  /** Notes that the person's page is shown: who looked at whom is part of the log. */
  opened(id: string): Promise<void>;
  /**
   * New ids for all records, new keys for everything that is sealed, a new transform for all templates; the device key is
   * replaced at the next start. Copies of older templates can still be compared with each other. Until it writes `signal` stops
   * it. Asks for the PIN again.
   */
  rekey(onProgress?: Progress, signal?: AbortSignal): Promise<void>;
  rekeyNeeds(): Promise<Needs>;
  /** The date that the computer's clock says is right: people expire again, and what was dated in doubt is corrected. */
  confirmDate(): Promise<void>;
  firstKnown(): Promise<FirstKnownDates>;
  /**
   * Notes that a report of an incident was handed out, or a list by name, which asks for the PIN again. `findings`: without names
   */
  noteIncident(what: 'report' | 'names', findings: string): Promise<void>;
  /** Staff acknowledge the loss of the gallery and continue without it. */
  acknowledgeLoss(): Promise<void>;
  /** Removes everything, PIN and log included: the kiosk is as on its first day. Asks for the PIN again. */
  wipe(): Promise<void>;
}
