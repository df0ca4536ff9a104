/** `unset`: first run, no PIN was chosen yet and nobody can be kept out. */
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

/** A PIN of staff that opens nothing: whose it was. */
export type Vouched =
  | { readonly kind: 'open'; readonly by: StaffName }
  | Exclude<UnlockResult, { readonly kind: 'open' }>;

/** Somebody of the staff with a PIN of their own. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
}

/** A member as the list of staff shows them. */
export interface ListedMember extends StaffMember {
  /** false since new keys were made: the main PIN sets theirs anew */
  readonly hasPin: boolean;
}

/** Whose PIN it was: the main one, or that of a member, with the name that they had then. */
export type StaffName = 'main' | StaffMember;

export interface StaffLock {
  state(): LockState;
  /** Called with every change of the state. The result ends it. */
  subscribe(listener: (state: LockState) => void): () => void;
  /**
   * First run alone: chooses the main PIN. Leaves the console open.
   *
   * @throws GalleryError `weak-pin`: fewer than 6 digits, or 111111, 123456
   */
  setPin(pin: string): Promise<void>;
  unlock(pin: string): Promise<UnlockResult>;
  /**
   * The PIN once more, of whoever stands before the open console: allows one act that asks for it, within
   * `GALLERY.confirmedFor`. A wrong one counts as an attempt to unlock.
   *
   * @throws GalleryError `locked`
   */
  confirm(pin: string): Promise<UnlockResult>;
  /**
   * Changes the PIN of whomever the old one belongs to. The old PIN counts as an attempt to unlock.
   *
   * @throws GalleryError `weak-pin`, `pin-taken`
   */
  changePin(oldPin: string, newPin: string): Promise<UnlockResult>;
  /** By the main PIN alone, which counts as an attempt. @throws GalleryError `weak-pin`, `pin-taken`, `not-main`, `invalid-person` */
  addMember(mainPin: string, name: string, pin: string): Promise<UnlockResult>;
  /** A new PIN for a member who has forgotten theirs. As `addMember`. */
  setMemberPin(mainPin: string, id: string, pin: string): Promise<UnlockResult>;
  /** Their PIN opens nothing from then on. As `addMember`. */
  removeMember(mainPin: string, id: string): Promise<UnlockResult>;
  /** Staff with PINs of their own, by name. @throws GalleryError `locked` */
  members(): readonly ListedMember[];
  lock(): void;
  /** The console was touched: restarts the time to locking. */
  keepOpen(): void;
}
