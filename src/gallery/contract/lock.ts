/** `unset`: first run, no PIN was chosen yet and anybody can open the console. */
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
  /** The console was touched: restarts the time to locking. */
  keepOpen(): void;
}
