/** The code without which nobody chooses the first staff PIN, also after the storage was lost. Whoever installs the kiosk has it. */
export interface SetUpCode {
  /** Whether this installation has one. @throws Error where it cannot be known: then nobody chooses a PIN */
  needed(): Promise<boolean>;
  /** True, too, where none is needed. @throws Error as above */
  fits(code: string): Promise<boolean>;
}

export const noSetUpCode: SetUpCode = { needed: async () => false, fits: async () => true };
