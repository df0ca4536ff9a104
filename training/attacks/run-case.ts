import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import { poseOfMesh } from '@rounz/core/face/pose.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import {
  beginChallenge,
  type ChallengeFailure,
  type ChallengeState,
  isLast,
  isOver,
  type Look,
  stepChallenge,
} from '@rounz/core/liveness/challenge.ts';
import type { Axis, ChallengeConfig } from '@rounz/core/liveness/config.ts';
import { type ChallengePlan, drawPlan, type Way } from '@rounz/core/liveness/plan.ts';
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
  /** after which the detector looks at the whole picture again, as the kiosk's does (`VISION.lookAgainAfter`) */
  lookAgain: 0.5,
  /** most that a face moves between two frames, in distances between its eyes */
  reach: 2.5,
} as const;

/** One frame of a turned face against the face before: what the limits were chosen by. */
export interface TurnFrame {
  readonly axis: Axis;
  /** degrees, positive to the way that is asked */
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

function lookOf(face: DetectedFace, at: number): Look {
  const { yaw, pitch } = poseOfMesh(face.mesh);
  return { at, points: facePointsOf(face.mesh), yaw, pitch, interEyeDistance: interEyeDistance(face.points) };
}

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
    let prompts: Prompts = [];
    let previous: readonly DetectedFace[] = [];
    let visitor: DetectedFace | undefined;
    let lookedAt = Number.NEGATIVE_INFINITY;
    for (; !isOver(state); time += PLAY.interval) {
      const frame = await scene(time, prompts);
      const again = time - lookedAt > PLAY.lookAgain;
      if (again) lookedAt = time;
      previous = await detector.detect(frame, { previous, look: again });
      const face = visitorOf(previous, visitor, frame);
      visitor = face ?? visitor;
      const look = face ? lookOf(face, time * 1000) : null;
      if (look && (state.kind === 'turn' || state.kind === 'hold'))
        turns.push(turnFrame(state.reference, look, plan.turns[state.index]!.way));
      state = stepChallenge(state, look, time * 1000, plan, config);
      prompts = promptsOf(prompts, state, plan);
    }
    if (state.kind === 'passed')
      return { id: one.id, passed: true, failures, added: time - PLAY.interval - begun, turns };
    if (state.kind === 'failed') {
      failures.push(state.reason);
      if (isLast(state.reason)) break;
    }
    time += PLAY.pause;
  }
  return { id: one.id, passed: false, failures, added: null, turns };
}

/**
 * The face that is followed, as the session does: at first the one in the picture's middle, where whoever was recognised stands;
 * then the nearest to where it was, no further than a face moves between two frames.
 */
function visitorOf(
  faces: readonly DetectedFace[],
  before: DetectedFace | undefined,
  frame: RgbaImage,
): DetectedFace | undefined {
  const nose = before?.points[2] ?? { x: frame.width / 2, y: frame.height / 2 };
  const away = ({ points }: DetectedFace) => Math.hypot(points[2].x - nose.x, points[2].y - nose.y);
  const [nearest] = [...faces].sort((a, b) => away(a) - away(b));
  if (!nearest || !before) return nearest;
  return away(nearest) <= PLAY.reach * interEyeDistance(before.points) ? nearest : undefined;
}

/** What the screen has asked by now. */
function promptsOf(before: Prompts, state: ChallengeState, { turns }: ChallengePlan): Prompts {
  if (state.kind !== 'turn' && state.kind !== 'back') return before;
  const at = state.askedAt / 1000;
  if (before.at(-1)?.at === at) return before;
  return [...before, { at, way: state.kind === 'back' ? 'ahead' : turns[state.index]!.way }];
}

function turnFrame(reference: Look, look: Look, way: Way): TurnFrame {
  const { offPlane, relief, lift, width } = compareViews(reference.points, look.points);
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  const [yaw, pitch] = [look.yaw - reference.yaw, look.pitch - reference.pitch];
  const angle = { left: yaw, right: -yaw, up: pitch, down: -pitch }[way];
  const forward = { left: relief, right: -relief, up: -lift, down: lift }[way];
  const axis = way === 'left' || way === 'right' ? 'side' : 'nod';
  const turn = (angle * 180) / Math.PI;
  return { axis, turn: round(turn), offPlane: round(offPlane), relief: round(forward), width: round(width) };
}
