export interface StaffCallConfig {
  /** milliseconds between two chimes while nobody has come */
  readonly repeat: number;
  /** milliseconds after which an unanswered call ends by itself */
  readonly giveUp: number;
}

/** The staff console's lock. Milliseconds. */
export interface StaffConfig {
  /** period in which the seconds on the screen are counted, > 0 */
  readonly tick: number;
  /** the console says so for this long before it locks by itself */
  readonly warnBefore: number;
  /** touches within this time of one another count as one */
  readonly touchEvery: number;
}

export const staffCallConfig: StaffCallConfig = { repeat: 8_000, giveUp: 120_000 };

export const staffConfig: StaffConfig = { tick: 1_000, warnBefore: 60_000, touchEvery: 5_000 };
