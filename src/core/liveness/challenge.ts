import { MATCH } from '../match/config.ts';
import type { Draws } from '../math/random.ts';
import { dot } from '../math/vector.ts';
import type { Radians } from '../units.ts';
import type { ChallengeConfig } from './config.ts';
import type { FacePoints } from './points.ts';
import { compareViews, type ViewChange } from './views.ts';

/** To which side the visitor is asked to turn, as they see it themselves. */
export type Side = 'left' | 'right';

/** What one challenge asks; drawn anew for each try. */
export interface ChallengePlan {
  readonly side: Side;
  /** milliseconds from the steady face to the arrow, and from the turned head to "back" */
  readonly delay: number;
  readonly hold: number;
}

/** Why a challenge was not passed. */
export type ChallengeFailure =
  /** time was up, while the face never looked at the camera, never turned or did not come back */
  | 'too-late'
  /** it moved before the screen asked for it */
  | 'too-early'
  | 'wrong-side'
  /** the face went away */
  | 'lost'
  /** another person's face took its place */
  | 'other'
  /** it turned, and moved as a picture does */
  | 'flat';

/** Where a challenge stands. Milliseconds of the clock. */
export type ChallengeState =
  /** waits for a face that looks at the camera and keeps still */
  | { readonly kind: 'steady'; readonly since: number; readonly still: readonly Look[] }
  /** steady; the arrow is about to come */
  | { readonly kind: 'ready'; readonly arrowAt: number; readonly reference: Look; readonly seenAt: number }
  /** the arrow is shown */
  | (Asked & { readonly kind: 'turn'; readonly evidence: number; readonly flat: number })
  /** turned; the arrow stays until `backAt` */
  | (Asked & { readonly kind: 'hold'; readonly backAt: number })
  /** the screen says "back" */
  | (Asked & { readonly kind: 'back'; readonly askedAt: number })
  | { readonly kind: 'passed'; readonly took: number }
  | { readonly kind: 'failed'; readonly reason: ChallengeFailure };

interface Asked {
  readonly arrowAt: number;
  readonly reference: Look;
  readonly seenAt: number;
}

/** What one frame shows of the face. */
export interface Look {
  readonly at: number;
  readonly points: FacePoints;
  /** the head's turn; positive to the picture's right, which is the visitor's left */
  readonly yaw: Radians;
  /** pixels */
  readonly interEyeDistance: number;
  /** unit length; absent where the frame was not embedded */
  readonly embedding?: Float32Array | undefined;
}

/** Draws what a challenge asks. Each value is uniform. */
export const drawPlan = (rng: Pick<Draws, 'chance' | 'between'>, config: ChallengeConfig): ChallengePlan => ({
  side: rng.chance(0.5) ? 'left' : 'right',
  delay: rng.between(0, config.arrowDelay),
  hold: rng.between(...config.hold),
});

export const beginChallenge = (at: number): ChallengeState => ({ kind: 'steady', since: at, still: [] });

export const isOver = ({ kind }: ChallengeState): boolean => kind === 'passed' || kind === 'failed';

/**
 * The challenge after a frame, or after time without one. A pure function: the same frames and plan give the same outcome.
 *
 * @param look null where the frame shows no face, another face, or there is no frame
 */
export function stepChallenge(
  state: ChallengeState,
  look: Look | null,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  switch (state.kind) {
    case 'steady':
      return keepStill(state, look, at, plan, config);
    case 'ready':
    case 'turn':
    case 'hold':
    case 'back':
      return follow(state, look, at, plan, config);
    case 'passed':
    case 'failed':
      return state;
    default:
      return state satisfies never;
  }
}

const failed = (reason: ChallengeFailure): ChallengeState => ({ kind: 'failed', reason });

type Following = Extract<ChallengeState, { reference: Look }>;
type Of<Kind extends ChallengeState['kind']> = Extract<ChallengeState, { kind: Kind }>;

function keepStill(
  state: Of<'steady'>,
  look: Look | null,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  if (at - state.since > config.steadyLimit) return failed('too-late');
  if (!look) return state;
  if (Math.abs(look.yaw) > config.facing || look.interEyeDistance < config.minEyeDistance)
    return { ...state, still: [] };
  const recent = [...state.still, look];
  const yaws = recent.map(({ yaw }) => yaw);
  if (Math.max(...yaws) - Math.min(...yaws) > config.steadySpread) return { ...state, still: [look] };
  const first = recent[0]!;
  if (recent.length < config.steadyFrames || at - first.at < config.steadyTime)
    return { ...state, still: recent };
  return { kind: 'ready', arrowAt: at + plan.delay, reference: look, seenAt: at };
}

function follow(
  state: Following,
  look: Look | null,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  if (state.kind !== 'ready' && at - state.arrowAt > config.limit)
    return failed(state.kind === 'turn' && state.flat >= config.evidence ? 'flat' : 'too-late');
  if (!look) return at - state.seenAt > config.gap ? failed('lost') : state;
  if (isOther(state.reference, look)) return failed('other');
  const seen = { ...state, seenAt: at };
  const sign = plan.side === 'left' ? 1 : -1;
  const turn = sign * (look.yaw - state.reference.yaw);
  switch (seen.kind) {
    case 'ready':
      return waitForArrow(seen, look, turn, at, config);
    case 'turn':
      return watchTurn(seen, look, turn, at, plan, config);
    case 'hold':
      if (turn < config.back) return failed('too-early');
      return at < seen.backAt ? seen : { ...asked(seen), kind: 'back', askedAt: at };
    case 'back':
      return watchBack(seen, look, turn, at, config);
    default:
      return seen satisfies never;
  }
}

/** Whether both frames were embedded and show two people: a picture that is held up after the head was turned. */
function isOther({ embedding: before }: Look, { embedding: now }: Look): boolean {
  return before !== undefined && now !== undefined && dot(before, now) < MATCH.minAgreement;
}

/** Whether this frame cannot show that the person is still the same: a blurred or dark frame is not embedded. */
const isUnproven = (before: Look, now: Look): boolean =>
  before.embedding !== undefined && now.embedding === undefined;

const asked = ({ arrowAt, reference, seenAt }: Asked): Asked => ({ arrowAt, reference, seenAt });

function waitForArrow(
  state: Of<'ready'>,
  look: Look,
  turn: number,
  at: number,
  config: ChallengeConfig,
): ChallengeState {
  if (Math.abs(turn) > config.wrongSide) return failed('too-early');
  // An embedded frame stays the reference: what follows is held against it.
  const embedded = look.embedding ?? state.reference.embedding;
  if (at < state.arrowAt) return { ...state, reference: { ...look, embedding: embedded } };
  return { ...asked(state), kind: 'turn', arrowAt: at, evidence: 0, flat: 0 };
}

function watchTurn(
  state: Of<'turn'>,
  look: Look,
  turn: number,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  if (-turn > config.wrongSide) return failed('wrong-side');
  if (turn > config.wrongSide && at - state.arrowAt < config.reaction) return failed('too-early');
  if (turn < config.turned || isUnproven(state.reference, look)) return state;
  const change = compareViews(state.reference.points, look.points);
  if (!isHead(change, turn, plan.side, config)) return { ...state, flat: state.flat + 1 };
  const evidence = state.evidence + 1;
  return evidence < config.evidence
    ? { ...state, evidence }
    : { ...asked(state), kind: 'hold', backAt: at + plan.hold };
}

/** Whether the face moved as a head does that turned by this angle. */
export function isHead(
  { offPlane, relief, width }: ViewChange,
  turn: number,
  side: Side,
  config: ChallengeConfig,
): boolean {
  const sine = Math.sin(Math.min(turn, Math.PI / 2));
  const forward = side === 'left' ? relief : -relief;
  return (
    offPlane >= config.minOffPlane * sine &&
    offPlane <= config.maxOffPlane * sine &&
    forward >= config.minRelief * sine &&
    forward <= config.maxRelief * sine &&
    width >= config.minWidth * Math.cos(turn)
  );
}

function watchBack(
  state: Of<'back'>,
  look: Look,
  turn: number,
  at: number,
  config: ChallengeConfig,
): ChallengeState {
  if (turn >= config.back || isUnproven(state.reference, look)) return state;
  if (at - state.askedAt < config.reaction) return failed('too-early');
  if (-turn > config.wrongSide) return failed('wrong-side');
  const { offPlane } = compareViews(state.reference.points, look.points);
  return offPlane <= config.backOffPlane ? { kind: 'passed', took: at - state.arrowAt } : state;
}
