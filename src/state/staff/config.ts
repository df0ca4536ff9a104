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

/** The kiosk's test of itself. */
export interface KioskTestConfig {
  /** whole decisions of which the median counts, odd */
  readonly decisions: number;
  /** milliseconds without a usable face after which the test has failed */
  readonly patience: number;
}

export const staffCallConfig: StaffCallConfig = { repeat: 8_000, giveUp: 120_000 };

export const staffConfig: StaffConfig = { tick: 1_000, warnBefore: 60_000, touchEvery: 5_000 };

export const kioskTestConfig: KioskTestConfig = { decisions: 3, patience: 30_000 };
