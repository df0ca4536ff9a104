import { MATCH } from '@rounz/core/match/config.ts';
import { PEOPLE } from '@rounz/core/people/limits.ts';

/** Enrolment. Times in milliseconds. */
export interface EnrolmentConfig {
  /** good frames wanted; 3..5 */
  readonly frames: number;
  /** least time between two taken frames, so that they differ */
  readonly spacing: number;
  /** cosine below which a frame is said to disagree with those taken before; -1..1; core's `MATCH.minAgreement` */
  readonly agreement: number;
  /** an issue must last this long before it is said; shorter than for shoppers: staff look on */
  readonly hintAfter: number;
  /** a shown hint stays at least this long, so that it can be read */
  readonly hintHold: number;
  /** "good" for this long without a picture being taken: the most frequent reason is told after all */
  readonly goodAtMost: number;
  /** a face that is said to be covered for so long may be bare after all: staff may then say so */
  readonly confirmBareAfter: number;
  /** a customer's screen that is not touched for this long is given up: what was taken is forgotten */
  readonly abandonAfter: number;
  /** days for which a consent holds; the shop may shorten it in its set-up */
  readonly retentionDays: number;
  /** version of the consent text in `ui/i18n`; raise it with every change of its meaning */
  readonly consentVersion: string;
}

export const enrolmentConfig: EnrolmentConfig = {
  frames: 3,
  spacing: 450,
  agreement: MATCH.minAgreement,
  hintAfter: 250,
  hintHold: 900,
  goodAtMost: 6_000,
  confirmBareAfter: 5_000,
  abandonAfter: 300_000,
  retentionDays: PEOPLE.retentionDays,
  consentVersion: '2026-4',
};
