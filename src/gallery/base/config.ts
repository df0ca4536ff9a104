import { MATCH } from '@rounz/core/match/config.ts';
import { PEOPLE } from '@rounz/core/people/limits.ts';
import type { Strictness } from '../contract/matching.ts';

/** What a passphrase's key costs by Argon2id (RFC 9106), in one lane: a browser's thread has one. */
export interface PassphraseCost {
  /** KiB, 8.. */
  readonly memory: number;
  /** passes over the memory, 1.. */
  readonly passes: number;
}

/** Guesses at a PIN. Times in milliseconds. */
export interface GuessConfig {
  /** wrong tries in a row that cost no waiting; 1.. */
  readonly free: number;
  /** wait after the next wrong one; doubles with each further one */
  readonly firstDelay: number;
  readonly maxDelay: number;
}

/** Guesses at customers' PINs. */
export interface LookupGuessConfig {
  /** at one number */
  readonly number: GuessConfig;
  /** at all numbers together: `capacity` wrong tries cost nothing, then one each `drainEvery` milliseconds */
  readonly kiosk: { readonly capacity: number; readonly drainEvery: number };
  /** most numbers that are counted; the oldest goes */
  readonly numbers: number;
}

export interface GalleryConfig {
  /** milliseconds that a window waits for another one to let the gallery go */
  readonly holdWithin: number;
  /** milliseconds after which the browser's log is renewed where no recogniser came up before; it is done once one did */
  readonly renewWithin: number;
  /** milliseconds after which the time is kept for the next start where nothing else was written */
  readonly keepTimeEvery: number;
  /** bytes kept free for what a full disk must not prevent; a multiple of 65,536 */
  readonly reserveBytes: number;
  /** milliseconds between two looks for consents that have run out */
  readonly purgeEvery: number;
  /** PBKDF2-HMAC-SHA-256 rounds for PINs. 600,000: OWASP Password Storage Cheat Sheet, 2023 */
  readonly rounds: number;
  /** most rounds that an older backup may ask for, against files that would hang the kiosk */
  readonly maxRounds: number;
  /** of new backups; the second recommended choice of RFC 9106, section 4 */
  readonly backupCost: PassphraseCost;
  /** most that a backup may ask for */
  readonly maxBackupCost: PassphraseCost;
  readonly staffGuesses: GuessConfig;
  readonly customerGuesses: LookupGuessConfig;
  /** challenges that were not met, counted for each person: a recording that is shown often enough would be the right one */
  readonly turnGuesses: LookupGuessConfig;
  /** milliseconds without a touch after which the console locks by itself */
  readonly unlockTimeout: number;
  /** milliseconds within which an act begins that asks for the staff PIN again */
  readonly confirmedFor: number;
  /** target FPIR of each strictness (ISO/IEC 19795-1), 0..1 */
  readonly strictness: Readonly<Record<Strictness, number>>;
  /** rows of a snapshot's chunk; 256..16,384: one is written anew with each change, in two files of rows * 0.5 KiB */
  readonly snapshotRows: number;
  /** chunks of a snapshot from which on a worker reads them ahead */
  readonly readAheadFrom: number;
  /** milliseconds without a file after which such a worker is given up; a slow disk reads one of 1 MB in a tenth of it */
  readonly readerSilence: number;
  /** people from whom on their identities are kept in a few files too, for a quick start; below it each record is read */
  readonly peopleCacheFrom: number;
  /** newest lines of the log that are checked before it is shown, or as many as are shown; the rest follows */
  readonly logAtOnce: number;
  /** days for which a line of the log is kept: two years, as the Korean safety standard asks where sensitive data is handled */
  readonly logDays: number;
  /** days after which nobody needs to know any more who withdrew: a backup from before holds consents that have run out since */
  readonly withdrawnDays: number;
  /** bytes of a backup's chunk */
  readonly backupChunk: number;
  /** saved frames of a person; the oldest goes */
  readonly maxSavedFrames: number;
  /** templates of a person; the oldest goes */
  readonly maxTemplates: number;
  /** milliseconds for which staff can undo their act: a day */
  readonly undoFor: number;
  /** what is counted of the kiosk's decisions */
  readonly tally: TallyConfig;
}

export interface TallyConfig {
  /** weeks that are kept; 1.. */
  readonly weeks: number;
  /** weeks that the estimate of missed customers is made of; 1..weeks */
  readonly estimateWeeks: number;
  /** fewest looks of own customers before a share is told: at 50 a true 1 in 20 shows as anything from 0 to 1 in 7 */
  readonly enough: number;
  /** a visitor who was not recognised counts as a near miss where this many times the target FPIR would have greeted them; 1.. */
  readonly nearTimes: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export const GALLERY: GalleryConfig = {
  holdWithin: 2 * SECOND,
  renewWithin: 10 * SECOND,
  keepTimeEvery: 60 * MINUTE,
  // Some thousand lines of the log.
  reserveBytes: 2 << 20,
  purgeEvery: MINUTE,
  rounds: 600_000,
  maxRounds: 5_000_000,
  backupCost: { memory: 1 << 16, passes: 3 },
  maxBackupCost: { memory: 1 << 20, passes: 10 },
  staffGuesses: { free: 3, firstDelay: 30 * SECOND, maxDelay: 60 * MINUTE },
  // Three minutes: 480 PINs a day at most, at all numbers of a kiosk together.
  customerGuesses: {
    number: { free: 5, firstDelay: 30 * SECOND, maxDelay: 60 * MINUTE },
    kiosk: { capacity: 20, drainEvery: 3 * MINUTE },
    numbers: 200,
  },
  // Seven at one person on the first day, then one a day.
  turnGuesses: {
    number: { free: 3, firstDelay: 60 * MINUTE, maxDelay: 24 * 60 * MINUTE },
    kiosk: { capacity: 20, drainEvery: 30 * MINUTE },
    numbers: 200,
  },
  unlockTimeout: 5 * MINUTE,
  confirmedFor: MINUTE,
  strictness: { lenient: 0.03, normal: MATCH.targetFpir, strict: 0.001 },
  snapshotRows: 2048,
  readAheadFrom: 4,
  readerSilence: 10_000,
  peopleCacheFrom: 2_000,
  // A day of a busy kiosk.
  logAtOnce: 500,
  logDays: 731,
  // A consent holds for PEOPLE.retentionDays at most; once more as long for kiosks whose clocks were wrong.
  withdrawnDays: 2 * PEOPLE.retentionDays,
  backupChunk: 1 << 20,
  maxSavedFrames: 50,
  maxTemplates: 20,
  undoFor: 24 * 60 * MINUTE,
  tally: { weeks: 26, estimateWeeks: 13, enough: 50, nearTimes: 10 },
};
