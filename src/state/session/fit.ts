import type { Width } from '@rounz/core/catalogue/filter.ts';
import type { QualityIssue } from '@rounz/core/face/face.ts';
import { faceProportion, faceWidthOf } from '@rounz/core/liveness/proportion.ts';
import { median } from '@rounz/core/math/median.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { FaceReport, FrameReport } from '../../vision/protocol.ts';
import type { FramePump } from '../engine/frame-pump.ts';
import type { FitConfig, SessionConfig } from './model/config.ts';
import { awayFrom, sameFace, type Track } from './model/track.ts';
import type { Session } from './session.ts';

/** `unseen`: nobody was seen well enough in time, and why, where something was seen. */
export type FitOutcome =
  | { readonly kind: 'told'; readonly width: Width }
  | { readonly kind: 'unseen'; readonly issue: QualityIssue };

/** Tells the owner of the open page, who asked for it, how wide their face is for the distance between its eyes. Keeps nothing. */
export interface FaceFit {
  /** Looks at frames that are taken from now on, without a template. Never rejects; null where it was called off. */
  look(signal: AbortSignal): Promise<FitOutcome | null>;
}

export interface FaceFitDeps {
  readonly pump: Pick<FramePump, 'use'>;
  readonly session: Pick<Session, 'store' | 'consumer'>;
  readonly clock: Clock;
  readonly config: FitConfig;
  readonly sessionConfig: SessionConfig;
  /** milliseconds between two frames */
  readonly interval: number;
}

/** Why this frame cannot be measured, or null where it can. */
function refusal({ quality, issues }: FaceReport, config: FitConfig): QualityIssue | null {
  const { pose, interEyeDistance } = quality;
  if (interEyeDistance < config.minEyeDistance) return 'too-far';
  if (Math.abs(pose.yaw) > config.maxYaw) return 'turned';
  if (Math.abs(pose.pitch) > config.maxPitch) return 'tilted';
  return issues[0] ?? null;
}

/** The face that the session follows, and no other's. */
function visitorOf(
  { faces }: FrameReport,
  track: Track,
  at: number,
  config: SessionConfig,
): FaceReport | null {
  if (!track.place) return null;
  const [nearest] = faces.toSorted((a, b) => awayFrom(track, a) - awayFrom(track, b));
  return nearest && sameFace(track, nearest, at, config) ? nearest : null;
}

export const createFaceFit = (deps: FaceFitDeps): FaceFit => ({
  look: (signal) => new Promise((resolve) => measure(deps, signal, resolve)),
});

function measure(
  { pump, session, clock, config, sessionConfig, interval }: FaceFitDeps,
  signal: AbortSignal,
  resolve: (outcome: FitOutcome | null) => void,
): void {
  let issue: QualityIssue = 'no-face';
  let proportions: number[] = [];
  let whose = session.store.getState().track.since;
  let over = false;
  const ends: (() => void)[] = [];
  const end = (outcome: FitOutcome | null) => {
    if (over) return;
    over = true;
    for (const one of ends) one();
    resolve(outcome);
  };
  const calledOff = () => end(null);
  signal.addEventListener('abort', calledOff);
  ends.push(
    () => signal.removeEventListener('abort', calledOff),
    clock.after(config.patience, () => end({ kind: 'unseen', issue })),
    session.store.subscribe(({ phase }) => {
      if (phase.kind !== 'page') end(null);
    }),
    pump.use({
      plan: () => ({ embed: false, interval }),
      onReport(report, at) {
        session.consumer.onReport(report, at);
        if (over) return;
        const { track } = session.store.getState();
        // Another face before a page by telephone: its proportions are nobody else's.
        if (track.since !== whose) proportions = [];
        whose = track.since;
        const face = visitorOf(report, track, at, sessionConfig);
        const wrong = face ? refusal(face, config) : 'no-face';
        if (!face || wrong) {
          issue = wrong ?? 'no-face';
          return;
        }
        proportions.push(faceProportion(face.landmarks, report));
        if (proportions.length < config.frames) return;
        end({ kind: 'told', width: faceWidthOf(median(proportions)) });
      },
    }),
  );
  if (signal.aborted || session.store.getState().phase.kind !== 'page') end(null);
}
