import { MATCH } from '@rounz/core/match/config.ts';

/** The frame loop. All times in milliseconds. */
export interface PumpConfig {
  /** from one frame's start to the next while nobody is there; > 0. 120: a face is noticed within an eighth of a second */
  readonly restingInterval: number;
  /** the same while somebody is served; 0 is as fast as the engine goes. 30: leaves the interface its breath on 2 cores */
  readonly servingInterval: number;
  /** the same while only presence matters (a greeted person reads); > 0 */
  readonly presenceInterval: number;
  /** wait after a frame that was not ready; > 0 */
  readonly emptyRetry: number;
}

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
  /** fewest good embeddings before a verdict is asked for; 2..maxSamples */
  readonly minSamples: number;
  /** equal verdicts in a row that make a name stable; 1.. */
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
  /** nobody there for this long while looking: back to attract (nothing personal is on the screen) */
  readonly lookingAbsence: number;
  /** ask before a face is looked at; otherwise whoever walks up is looked for, as the attract screen says */
  readonly askFirst: boolean;
  /** how long the question stays for somebody who stands there */
  readonly consentTimeout: number;
  /** how long a greeting stays before the page opens by itself; > 0 */
  readonly greetingTime: number;
  /** how long the page and the look-up stay without a touch */
  readonly pageTimeout: number;
  readonly lookupTimeout: number;
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
  /** a face that is said to be covered for so long may be bare after all: staff may then say so */
  readonly confirmBareAfter: number;
  /** version of the consent text in `ui/i18n`; raise it with every change of its meaning */
  readonly consentVersion: string;
}

export interface EngineConfig {
  /** lost GPUs in a row that are met by a silent restart; then the kiosk says that it is out of order */
  readonly maxRestarts: number;
  /** frames after a restart from which the GPU counts as steady again */
  readonly steadyAfter: number;
  /** failed analyses in a row after which the engine is held to be broken */
  readonly maxFailures: number;
}

export interface HealthConfig {
  /** frames in the moving figures of the health view */
  readonly frameWindow: number;
  /** milliseconds between two looks at memory and storage while the health view is open */
  readonly poll: number;
}

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

export interface StateConfig {
  readonly pump: PumpConfig;
  readonly session: SessionConfig;
  readonly enrolment: EnrolmentConfig;
  readonly engine: EngineConfig;
  readonly health: HealthConfig;
  readonly staffCall: StaffCallConfig;
  readonly staff: StaffConfig;
}

export const stateConfig: StateConfig = {
  pump: { restingInterval: 120, servingInterval: 30, presenceInterval: 200, emptyRetry: 40 },
  session: {
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
    lookingAbsence: 2_000,
    askFirst: false,
    consentTimeout: 30_000,
    greetingTime: 4_000,
    pageTimeout: 60_000,
    lookupTimeout: 60_000,
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
  },
  enrolment: {
    frames: 3,
    spacing: 450,
    agreement: MATCH.minAgreement,
    hintAfter: 250,
    hintHold: 900,
    confirmBareAfter: 5_000,
    consentVersion: '2026-2',
  },
  engine: { maxRestarts: 3, steadyAfter: 300, maxFailures: 5 },
  health: { frameWindow: 60, poll: 1_000 },
  staffCall: { repeat: 8_000, giveUp: 120_000 },
  staff: { tick: 1_000, warnBefore: 60_000, touchEvery: 5_000 },
};
