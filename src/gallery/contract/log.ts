import type { StaffName } from './lock.ts';

export type LogAction =
  | 'first-start'
  | 'pin-set'
  | 'pin-changed'
  | 'member-added'
  | 'member-pin-set'
  | 'member-removed'
  | 'unlocked'
  | 'unlock-failed'
  | 'locked'
  | 'enrolled'
  | 'recognised'
  | 'face-doubted'
  | 'looked-up'
  | 'look-up-failed'
  | 'confirm-failed'
  | 'page-opened'
  | 'frame-saved'
  | 'renamed'
  | 'note-changed'
  | 'access-changed'
  | 'picture-added'
  | 're-enrolled'
  | 'look-alike-noted'
  | 'consent-renewed'
  | 'withdrawn'
  | 'expired'
  | 'removed'
  | 'removal-final'
  | 'merged'
  | 'undone'
  | 'deleted'
  | 'damaged-discarded'
  | 'demo-removed'
  | 'strictness-changed'
  | 'settings-changed'
  | 'incident-reported'
  | 'list-read'
  | 'person-opened'
  | 'log-read'
  | 'log-exported'
  | 'backup-made'
  | 'backup-previewed'
  | 'backup-restored'
  | 're-keyed'
  | 'loss-acknowledged'
  | 'model-chosen'
  | 'migrated'
  | 'date-confirmed'
  | 'dates-corrected';

/** One line of the access log. It names no customer: `person` is the record's id, which says nothing once the record is gone. */
export interface LogEntry {
  /** 1, 2, 3 ... without gaps */
  readonly seq: number;
  /** ISO 8601, UTC */
  readonly at: string;
  readonly actor: 'staff' | 'person' | 'kiosk';
  /** whose staff PIN it was; null where none was entered, and in lines of earlier versions */
  readonly by: StaffName | null;
  readonly action: LogAction;
  readonly person: string | null;
  readonly detail: string | null;
  /** sha256 over the previous line's hash and this line as stored, hex */
  readonly hash: string;
}

export interface AccessLog {
  /** the newest of those asked for, oldest first */
  readonly entries: readonly LogEntry[];
  /** number of the oldest line that is kept */
  readonly first: number;
  /** lines that are kept, up to the first broken one that was found, or all */
  readonly total: number;
  /** number of the line from which on the chain was checked; those before it: `StaffDesk.checkLog` */
  readonly checkedFrom: number;
  /** whether the chain holds from there to its end, as it is known from elsewhere; else what is wrong */
  readonly intact: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}
