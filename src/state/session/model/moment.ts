import type { FaceReport } from '../../../vision/protocol.ts';
import type { Recogniser } from '../../engine/recogniser.ts';
import type { SessionConfig } from './config.ts';
import type { SessionEvent, SessionModel, SessionPhase, Touch } from './types.ts';

export type PhaseKind = SessionPhase['kind'];
export type PhaseOf<Kind extends PhaseKind> = Extract<SessionPhase, { kind: Kind }>;

/** What the machine needs from outside. */
export interface SessionContext {
  readonly config: SessionConfig;
  readonly recogniser: Pick<Recogniser, 'identify' | 'anybodyEnrolled'>;
}

/** The model at the time of an event, with what is needed to answer it. */
export interface Moment<Phase extends SessionPhase = SessionPhase> extends SessionContext {
  readonly model: SessionModel;
  /** `model.phase`, with its kind known */
  readonly phase: Phase;
  /** milliseconds of the clock */
  readonly at: number;
}

/** The faces of a frame, the nearest first. */
export type Faces = readonly [FaceReport, ...FaceReport[]];

/** The gallery has answered, or has been asked. */
export type GalleryEvent = Extract<
  SessionEvent,
  { type: 'page' | 'looking-up' | 'looked-up' | 'confirming' | 'turning' | 'refused' | 'forgotten' }
>;

/**
 * What the frame loop does with the next frame: nothing; find faces (often or seldom); find them, and embed one that is near
 * enough; the same as fast as it goes.
 */
export type FrameWish = 'nothing' | 'faces' | 'faces-slowly' | 'arrivals' | 'embeddings';

/** One phase of the session. Each handler returns the next model; without a handler the event changes nothing. */
export interface PhaseRules<Phase extends SessionPhase> {
  readonly wants: FrameWish | ((phase: Phase, config: SessionConfig) => FrameWish);
  /** A frame showed faces. */
  readonly onFace?: (now: Moment<Phase>, faces: Faces) => SessionModel;
  /** Time passed, or a frame showed nobody: absences, timeouts and their warnings. */
  readonly onTick?: (now: Moment<Phase>) => SessionModel;
  /** The shopper touched something. A touch that is not listed comes from a screen that is gone, and does nothing. */
  readonly onTouch?: Readonly<Partial<Record<Touch, (now: Moment<Phase>) => SessionModel>>>;
  readonly onGallery?: (now: Moment<Phase>, event: GalleryEvent) => SessionModel;
  /** Whether the phase goes on with the gallery alone, while camera or engine are down. */
  readonly galleryIsEnough?: (phase: Phase) => boolean;
}
