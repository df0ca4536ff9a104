import type { QualityIssue } from '@rounz/core/face/face.ts';
import type { ChallengeFailure } from '@rounz/core/liveness/challenge.ts';
import type { Way } from '@rounz/core/liveness/plan.ts';
import type { CameraProblem, CameraState } from '../../../camera/types.ts';
import type { CustomerPage, LookupResult, Refusal } from '../../../gallery/contract/customers.ts';
import type { FrameReport } from '../../../vision/protocol.ts';
import type { GreetedPerson } from '../../engine/recogniser.ts';
import type { StartProgress } from '../../engine/startup.ts';
import type { StartProblem, SystemState } from '../../engine/system-state.ts';
import type { Track } from './track.ts';

export type UnknownReason =
  | 'no-match'
  | 'not-me'
  | 'nobody-enrolled'
  | 'no-good-picture'
  | 'look-alike'
  /** the passive check did not believe the face: telephone and PIN decide */
  | 'doubted';

/** What the passive check held against a face that was recognised. */
export interface Doubt {
  /** id of the person whose face it is; for the log, never for the screen */
  readonly person: string;
  readonly why: 'picture' | 'unchecked';
}

/** How a visitor came to their page. */
export type PageWay = 'face' | 'telephone';

/** Where the look-up by telephone stands. `retryAt`: milliseconds since 1970 before which no PIN is tried; null: now. */
export type LookupStatus =
  | { readonly kind: 'typing' }
  | { readonly kind: 'checking' }
  /** a page was open; somebody else stepped up, so it has to be opened again */
  | { readonly kind: 'closed' }
  | { readonly kind: 'wrong'; readonly retryAt: number | null }
  | { readonly kind: 'wait'; readonly retryAt: number }
  | { readonly kind: 'failed' };

/** What cannot be undone, or binds: it asks for more than a face. */
export type ConfirmedAct = 'forget' | 'renew';

/** What the screen shows while a head is to turn. `until`: milliseconds of the clock at which the time for the turn is up. */
export type TurnView =
  /** look at the camera; `failure`: why the try before this one was not enough */
  | { readonly kind: 'steady'; readonly failure: ChallengeFailure | null }
  | { readonly kind: 'turn'; readonly way: Way; readonly until: number }
  | { readonly kind: 'back'; readonly until: number };

/** Where the confirmation of such an act stands. */
export type ConfirmStatus =
  | { readonly kind: 'typing' }
  | { readonly kind: 'checking' }
  | Refusal
  /** whoever stands there is not the person of the page, or their face was not seen well enough to tell */
  | { readonly kind: 'other' | 'unseen' }
  /** the visitor is asked to turn their head; or did not do it in any of the tries */
  | { readonly kind: 'turning'; readonly view: TurnView }
  | { readonly kind: 'unturned' }
  | { readonly kind: 'failed' };

/** Why a visit is over: the visitor walked away, said so, or was forgotten on their own request. */
export type LeavingReason = 'left' | 'done' | 'forgotten';

export type OutOfOrderReason = CameraProblem | StartProblem;

/**
 * Where somebody who is asked stands to the mark "look for me": not seen off it yet, off it, or on it since then (milliseconds of
 * the clock). Only whoever was off it can step onto it.
 */
export type Mark =
  | { readonly kind: 'unseen' }
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly since: number };

/** A screen that ends by itself: when, and whether the shopper has been warned. Milliseconds of the clock. */
export interface Ending {
  readonly until: number;
  readonly warning: boolean;
}

/** What the kiosk is doing, and so which screen is on. */
export type SessionPhase =
  /** `awaited`: somebody has touched the screen and wants to begin as soon as the kiosk can */
  | { readonly kind: 'starting'; readonly progress: StartProgress | null; readonly awaited: boolean }
  /** `armed`: the next face starts a visit; otherwise the last visitor has to step away (or touch) first */
  | { readonly kind: 'attract'; readonly armed: boolean }
  /** `since`: milliseconds at which the kiosk began to look at whoever stands there */
  | { readonly kind: 'looking'; readonly hint: QualityIssue | null; readonly since?: number }
  /** `progress` 0..1: how many of the frames that a decision needs are in */
  | {
      readonly kind: 'deciding';
      readonly hint: QualityIssue | null;
      readonly progress: number;
      readonly since?: number;
    }
  /** asks before a face is looked at */
  | ({ readonly kind: 'consent'; readonly mark: Mark } & Ending)
  /** `page` is null until it has been read; the page opens at `openAt` at the earliest */
  | ({
      readonly kind: 'greeted';
      readonly person: GreetedPerson;
      readonly page: CustomerPage | null;
      readonly openAt: number;
      /** greeted all the same: staff are told */
      readonly doubt?: Doubt;
    } & Ending)
  | ({ readonly kind: 'page'; readonly page: CustomerPage; readonly way: PageWay } & Ending)
  /** the owner of the page wants something that asks for a PIN */
  | ({
      readonly kind: 'confirm';
      readonly act: ConfirmedAct;
      readonly page: CustomerPage;
      readonly way: PageWay;
      readonly status: ConfirmStatus;
    } & Ending)
  | ({ readonly kind: 'unknown'; readonly reason: UnknownReason; readonly doubt?: Doubt } & Ending)
  | ({ readonly kind: 'lookup'; readonly status: LookupStatus } & Ending)
  | { readonly kind: 'leaving'; readonly reason: LeavingReason; readonly until: number }
  /** the staff console has the camera */
  | { readonly kind: 'suspended' }
  | { readonly kind: 'out-of-order'; readonly reason: OutOfOrderReason; readonly detail: string };

export interface Systems {
  readonly engine: SystemState;
  readonly gallery: SystemState;
  readonly camera: CameraState;
}

export interface SessionModel {
  readonly phase: SessionPhase;
  readonly systems: Systems;
  readonly progress: StartProgress | null;
  /** faces in the last frame; 3 means three or more */
  readonly faceCount: 0 | 1 | 2 | 3;
  readonly track: Track;
  /** people whom this visitor has said they are not; forgotten when the visit ends */
  readonly disowned: readonly string[];
}

export type SessionEvent =
  | { readonly type: 'progress'; readonly progress: StartProgress }
  | { readonly type: 'system'; readonly system: 'engine' | 'gallery'; readonly state: SystemState }
  | { readonly type: 'camera'; readonly state: CameraState }
  | { readonly type: 'report'; readonly report: FrameReport; readonly at: number }
  | { readonly type: 'tick'; readonly at: number }
  /** the gallery has read or changed somebody's page */
  | { readonly type: 'page'; readonly page: CustomerPage; readonly at: number }
  | { readonly type: 'looking-up'; readonly at: number }
  | { readonly type: 'looked-up'; readonly result: LookupOutcome; readonly at: number }
  | { readonly type: 'confirming'; readonly at: number }
  | { readonly type: 'turning'; readonly view: TurnView; readonly at: number }
  | { readonly type: 'refused'; readonly status: ConfirmStatus; readonly at: number }
  | { readonly type: 'forgotten'; readonly id: string; readonly at: number }
  | TouchEvent
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' };

/** What became of a look-up; `failed`: the gallery could not answer. */
export type LookupOutcome = LookupResult | { readonly kind: 'failed' };

export const touches = [
  'wake',
  'agree',
  'without-face',
  'open-page',
  'not-me',
  /** on a page: asks for the confirmation of the act */
  'forget',
  'renew',
  'done',
  'try-again',
  'extend',
  /** anything else that shows that somebody is there: a key, a frame touched */
  'active',
] as const;
export type Touch = (typeof touches)[number];

/** The shopper touched something. */
export interface TouchEvent {
  readonly type: Touch;
  readonly at: number;
}
