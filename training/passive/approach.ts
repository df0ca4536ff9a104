import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace, FivePoints } from '@rounz/core/face/face.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import type { PassiveModel } from '@rounz/core/liveness/passive/model.ts';
import { passiveViews } from '@rounz/core/liveness/passive/views.ts';
import type { Case } from '../attacks/cases.ts';
import { type Portraits, sceneOf } from '../attacks/scene.ts';
import type { Counted } from './rates.ts';

/** When a visitor who walks up is looked at, seconds: the frames of a greeting. */
const LOOKS = [0.6, 0.8, 1, 1.2] as const;

/** How a case of the attacks is named in figures. */
function namesOf(one: Case): string[] {
  switch (one.group) {
    case 'visit':
      return [`visit, ${one.wear}`, 'all visits'];
    case 'still':
      return [one.medium, 'all stills'];
    case 'video':
      return [`${one.medium}, video`, 'all videos'];
    default:
      return one satisfies never;
  }
}

/**
 * Plays somebody who walks up, of the attacks before the challenge, which the network never saw, and judges as the kiosk does: the
 * nearest face of each frame, and the mean of the frames. The score is null where no face was found.
 *
 * @param portraits what the stills show in place of rendered people
 */
export async function judgeApproach(
  one: Case,
  detector: FaceDetector,
  model: PassiveModel,
  portraits?: Portraits,
): Promise<Counted> {
  const scene = sceneOf(one, portraits);
  const scores: number[] = [];
  let previous: readonly DetectedFace[] = [];
  for (const time of LOOKS) {
    const pyramid = buildPyramid(await scene(time, []));
    previous = await detector.detect(pyramid, { previous });
    const points: FivePoints | undefined = previous[0]?.points;
    if (points) scores.push(await model.score(passiveViews(pyramid, points)));
  }
  const sum = scores.reduce((total, score) => total + score, 0);
  return {
    names: namesOf(one),
    attack: one.group !== 'visit',
    score: scores.length > 0 ? sum / scores.length : null,
  };
}
