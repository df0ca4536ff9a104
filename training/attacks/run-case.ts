import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import { poseOfMesh } from '@rounz/core/face/pose.ts';
import {
  beginChallenge,
  type ChallengeFailure,
  type ChallengeState,
  drawPlan,
  isOver,
  type Look,
  stepChallenge,
} from '@rounz/core/liveness/challenge.ts';
import type { ChallengeConfig } from '@rounz/core/liveness/config.ts';
import { facePointsOf } from '@rounz/core/liveness/points.ts';
import { compareViews } from '@rounz/core/liveness/views.ts';
import { type Case, rngOf } from './cases.ts';
import type { Prompts } from './motion.ts';
import { type Portraits, sceneOf } from './scene.ts';

/** How a case is played. Seconds. */
export const PLAY = {
  /** between two frames: a slow kiosk, which sees less of a turn than a fast one */
  interval: 0.2,
  /** from the first frame to the challenge: walking up */
  approach: 1,
  /** between two tries */
  pause: 0.8,
} as const;

/** One frame of a turned face against the face before: what the limits were chosen by. */
export interface TurnFrame {
  /** degrees, positive to the asked side */
  readonly turn: number;
  readonly offPlane: number;
  readonly relief: number;
  readonly width: number;
}

export interface CaseOutcome {
  readonly id: string;
  readonly passed: boolean;
  /** how each try failed; a passed one adds nothing */
  readonly failures: readonly ChallengeFailure[];
  /** from the begin of the try that passed to its end, seconds; null where none did */
  readonly added: number | null;
  readonly turns: readonly TurnFrame[];
}

const lookOf = (face: DetectedFace, at: number): Look => ({
  at,
  points: facePointsOf(face.mesh),
  yaw: poseOfMesh(face.mesh).yaw,
  interEyeDistance: interEyeDistance(face.points),
});

/** Plays a case before the kiosk's detector and challenge, with as many tries as a visitor has. */
export async function runCase(
  one: Case,
  detector: FaceDetector,
  config: ChallengeConfig,
  portraits?: Portraits,
): Promise<CaseOutcome> {
  const scene = sceneOf(one, portraits);
  const rng = rngOf(one, 'plan');
  const failures: ChallengeFailure[] = [];
  const turns: TurnFrame[] = [];
  let time: number = PLAY.approach;
  for (let attempt = 0; attempt < config.tries; attempt++) {
    const begun = time;
    const plan = drawPlan(rng, config);
    let state: ChallengeState = beginChallenge(time * 1000);
    let previous: readonly DetectedFace[] = [];
    let visitor: DetectedFace | undefined;
    for (; !isOver(state); time += PLAY.interval) {
      previous = await detector.detect(await scene(time, promptsOf(state, plan.side)), { previous });
      const face = visitorOf(previous, visitor);
      visitor = face ?? visitor;
      const look = face ? lookOf(face, time * 1000) : null;
      if (look && 'reference' in state && state.kind !== 'ready')
        turns.push(turnFrame(state.reference, look, plan.side === 'left' ? 1 : -1));
      state = stepChallenge(state, look, time * 1000, plan, config);
    }
    if (state.kind === 'passed') return { id: one.id, passed: true, failures, added: time - begun, turns };
    if (state.kind === 'failed') failures.push(state.reason);
    time += PLAY.pause;
  }
  return { id: one.id, passed: false, failures, added: null, turns };
}

/** The face that is followed, as the session does: at first the surest one, then the one nearest to where it was. */
function visitorOf(
  faces: readonly DetectedFace[],
  before: DetectedFace | undefined,
): DetectedFace | undefined {
  const worth = (face: DetectedFace) =>
    before
      ? -Math.hypot(face.points[2].x - before.points[2].x, face.points[2].y - before.points[2].y)
      : face.boxScore * face.meshScore;
  return faces.reduce<DetectedFace | undefined>(
    (best, face) => (best && worth(best) >= worth(face) ? best : face),
    undefined,
  );
}

/** What the screen shows in that state. */
function promptsOf(state: ChallengeState, side: 'left' | 'right'): Prompts {
  if (state.kind !== 'turn' && state.kind !== 'hold' && state.kind !== 'back') return {};
  const arrow = { at: state.arrowAt / 1000, side };
  return state.kind === 'back' ? { arrow, back: state.askedAt / 1000 } : { arrow };
}

function turnFrame(reference: Look, look: Look, sign: number): TurnFrame {
  const { offPlane, relief, width } = compareViews(reference.points, look.points);
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  const turn = (sign * (look.yaw - reference.yaw) * 180) / Math.PI;
  return { turn: round(turn), offPlane: round(offPlane), relief: round(sign * relief), width: round(width) };
}
