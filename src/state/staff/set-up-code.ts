/**
 * What lets somebody choose the first staff PIN: the set-up code of whoever installed the kiosk, or, after the browser lost the
 * records, one of this kiosk's backups with its passphrase.
 */
export type SetUpProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'backup'; readonly file: Blob; readonly passphrase: string };

/** Whether the installation has a code. `missing`: it ought to, so nobody chooses a PIN; `free`: nobody's data is there */
export type SetUpNeed = 'code' | 'missing' | 'free';

/**
 * The code without which nobody chooses the first staff PIN, also after the storage was lost. Whoever installs the kiosk has it.
 */
export interface SetUpCode {
  /** @throws Error where it cannot be known: then nobody chooses a PIN */
  need(): Promise<SetUpNeed>;
  /** False where there is no code. @throws Error as above */
  fits(code: string): Promise<boolean>;
}

/** For the demonstration. */
export const noSetUpCode: SetUpCode = { need: async () => 'free', fits: async () => false };
