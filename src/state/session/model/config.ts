import { MATCH } from '@rounz/core/match/config.ts';
import type { Asking, Settings } from '@rounz/core/settings/settings.ts';
import { degrees, type Radians } from '@rounz/core/units.ts';

/** What the passive check does at a greeting. */
export type PassiveUse = Settings['passive'];

/** The shopper's session. All times in milliseconds. */
export interface SessionConfig {
  /** period of the clock's ticks, > 0; bounds how late a timeout may come */
  readonly tick: number;
  /** pixels between the eyes from which a face wakes the attract screen. At 640x480 and 60 degrees: 12 is 2.9 m away */
  readonly wakeEyeDistance: number;
  /** the same from which a face is recognised; nearer than the pipeline's own limit, for somebody who is still walking up
   * would be a stranger. 24 is 1.5 m away */
  readonly minEyeDistance: number;
  /** window of the frames that may be fused: the "last second"; on a slow machine the last `minSamples` frames are kept
   * whatever their age */
  readonly window: number;
  /** most frames fused, the best first; 2..10 */
  readonly maxSamples: number;
  /** fewest good embeddings of a verdict that is not `clear`, and frames that are kept whatever their age; 2..maxSamples */
  readonly minSamples: number;
  /** equal verdicts in a row that make a name stable, where none of them is `certain`; 1.. */
  readonly acceptStreak: number;
  /** the same for "I don't know you", which deserves more patience */
  readonly rejectStreak: number;
  /** fewest embeddings for "I don't know you" */
  readonly rejectMinSamples: number;
  /** earliest "I don't know you" after the face appeared */
  readonly rejectAfter: number;
  /** an issue must last this long before a shopper is told, so that words do not flicker */
  readonly hintAfter: number;
  /** no verdict by then: the kiosk says that it cannot see well and offers the other ways */
  readonly lookingTimeout: number;
  /** the same where faces come and go, so that none is there for `lookingTimeout`, and nothing is said to be wrong */
  readonly goodAtMost: number;
  /** nobody there for this long while looking: back to attract (nothing personal is on the screen) */
  readonly lookingAbsence: number;
  /** how somebody agrees before their face is looked at; `signs`: each face is looked at, as posted signs say */
  readonly asking: Asking['kind'];
  /** what the passive check does at a greeting */
  readonly passive: PassiveUse;
  /** pixels between the eyes of somebody who stands on the mark "look for me"; 48 is 0.75 m away */
  readonly markEyeDistance: number;
  /** somebody who has stepped onto the mark and stays this long has agreed */
  readonly markHold: number;
  /** how long the question stays for somebody who stands there */
  readonly consentTimeout: number;
  /** how long a greeting stays before the page opens by itself; > 0 */
  readonly greetingTime: number;
  /** how long the page and the look-up stay without a touch */
  readonly pageTimeout: number;
  readonly lookupTimeout: number;
  /** how long the question for a PIN stays without a touch, on somebody's page */
  readonly confirmTimeout: number;
  /** before an act that cannot be undone the face is looked at anew, for at most so long */
  readonly presenceTimeout: number;
  /** a face that returns within this time is on the same visit */
  readonly sameVisit: number;
  /** nobody there for this long while a name is on the screen: the name goes */
  readonly greetedAbsence: number;
  /** length of the goodbye; greetedAbsence + goodbye <= 5,000 (product rule: the screen clears in 5 s) */
  readonly goodbye: number;
  /** nobody there for this long on "I don't know you": back to attract */
  readonly unknownAbsence: number;
  /** how long a greeting and an "I don't know you" stay for somebody who stands there */
  readonly greetedTimeout: number;
  readonly unknownTimeout: number;
  /** the warning comes this long before a timeout (product rule: warn, and let it be extended) */
  readonly warnBefore: number;
  /** after a finished visit the place must be empty for this long before the next greeting starts by itself */
  readonly rearmAbsence: number;
  /** a face that moved by more than this many of its own widths between two frames is another face */
  readonly trackJump: number;
  /** a face that was away for longer than this is another face */
  readonly trackGap: number;
  /** without any frame for this long nobody can be said to be there */
  readonly blindness: number;
}

/** How a face is measured for its width. */
export interface FitConfig {
  /** good frames of which the median counts, odd */
  readonly frames: number;
  /** longest look, milliseconds */
  readonly patience: number;
  /** pixels between the eyes; nearer than a greeting needs, for the outline of a small face is uncertain */
  readonly minEyeDistance: number;
  /** how far the face may look aside and up or down */
  readonly maxYaw: Radians;
  readonly maxPitch: Radians;
}

export const sessionConfig: SessionConfig = {
  tick: 200,
  wakeEyeDistance: 12,
  minEyeDistance: 24,
  window: 1600,
  maxSamples: MATCH.maxFrames,
  minSamples: 2,
  acceptStreak: 2,
  rejectStreak: 3,
  rejectMinSamples: 4,
  rejectAfter: 900,
  hintAfter: 700,
  lookingTimeout: 15_000,
  goodAtMost: 30_000,
  lookingAbsence: 2_000,
  asking: 'touch',
  passive: 'off',
  markEyeDistance: 48,
  markHold: 1_500,
  consentTimeout: 30_000,
  greetingTime: 4_000,
  pageTimeout: 60_000,
  lookupTimeout: 60_000,
  confirmTimeout: 60_000,
  presenceTimeout: 10_000,
  sameVisit: 120_000,
  greetedAbsence: 3_000,
  goodbye: 2_000,
  unknownAbsence: 5_000,
  greetedTimeout: 45_000,
  unknownTimeout: 30_000,
  warnBefore: 10_000,
  rearmAbsence: 1_000,
  trackJump: 1.2,
  trackGap: 1_200,
  blindness: 10_000,
};

export const fitConfig: FitConfig = {
  frames: 7,
  patience: 12_000,
  minEyeDistance: 36,
  maxYaw: degrees(10),
  maxPitch: degrees(15),
};
