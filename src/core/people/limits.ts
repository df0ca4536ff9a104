/** Fewest and most, both allowed. */
export type Range = Readonly<Record<'min' | 'max', number>>;

/** What a person's record may hold. Screens and gallery take every limit from here. */
export interface PeopleLimits {
  /** code points of a name */
  readonly name: Range;
  /** code points of staff's note */
  readonly note: Range;
  /** digits of a PIN that the customer chooses for their own page */
  readonly customerPin: Range;
  /** digits of a PIN that opens the staff console */
  readonly staffPin: Range;
  /** characters of a backup's passphrase, in NFKC */
  readonly passphrase: Range;
  /** days for which a consent holds; the text of the consent names the date */
  readonly retentionDays: number;
}

export const PEOPLE: PeopleLimits = {
  name: { min: 1, max: 40 },
  note: { min: 0, max: 500 },
  customerPin: { min: 4, max: 12 },
  staffPin: { min: 6, max: 12 },
  passphrase: { min: 12, max: 256 },
  retentionDays: 365,
};
