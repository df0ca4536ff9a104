export type BackupProblem =
  | 'not-a-backup'
  | 'newer-format'
  | 'wrong-passphrase'
  | 'damaged'
  | 'truncated'
  | 'invalid-content';

/** What work on all people needs on this computer, estimated before it begins. */
export interface Needs {
  readonly seconds: number;
  /** of the browser's storage */
  readonly bytes: number;
  /** that the browser still grants; null: it does not tell */
  readonly freeBytes: number | null;
}

export interface BackupPreview {
  /** ISO 8601, UTC */
  readonly madeAt: string;
  /** whether this kiosk's log still holds the line that was its last when the backup was made; null: another kiosk made it */
  readonly logHeld: boolean | null;
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
  /** withdrawn here, or where the backup was made: never restored */
  readonly withdrawn: number;
  /** here, and withdrawn where the backup was made: a restore erases them here as well */
  readonly withdrawnElsewhere: number;
  /** to be added, with a PIN that another kiosk hashed: it has to be set anew here */
  readonly pinsToSet: number;
  /** of a restore that writes all of them */
  readonly needs: Needs;
}

export type RestoreMode = 'merge' | 'replace';

/** 0..1 */
export type Progress = (share: number) => void;
