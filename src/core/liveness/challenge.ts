import { MATCH } from '../match/config.ts';
import { dot } from '../math/vector.ts';
import type { Radians } from '../units.ts';
import type { Axis, ChallengeConfig } from './config.ts';
import { type ChallengePlan, WAYS, type Way } from './plan.ts';
import type { FacePoints } from './points.ts';
import { compareViews, type ViewChange } from './views.ts';

/** Why a challenge was not passed. */
export type ChallengeFailure =
  /** time was up, while the face never looked at the camera, never turned or did not come back */
  | 'too-late'
  /** it moved before the screen asked for it */
  | 'too-early'
  /** it went another way than the screen asked */
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
  /** the arrow of the plan's turn `index` is shown since `askedAt` */
  | (Asked & {
      readonly kind: 'turn';
      readonly index: number;
      readonly askedAt: number;
      readonly evidence: number;
      readonly flat: number;
      readonly astray: number;
    })
  /** turned; its arrow stays until `nextAt`, and until more frames have shown a head than a picture */
  | (Asked & {
      readonly kind: 'hold';
      readonly index: number;
      readonly nextAt: number;
      readonly evidence: number;
      readonly flat: number;
    })
  /** the screen says "back"; looking ahead since `aheadAt`, where it does */
  | (Asked & {
      readonly kind: 'back';
      readonly askedAt: number;
      readonly aheadAt: number | null;
      readonly astray: number;
    })
  | { readonly kind: 'passed'; readonly took: number }
  | { readonly kind: 'failed'; readonly reason: ChallengeFailure };

interface Asked {
  /** when the first arrow came */
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
  /** positive upwards */
  readonly pitch: Radians;
  /** pixels */
  readonly interEyeDistance: number;
  /** unit length; absent where the frame was not embedded */
  readonly embedding?: Float32Array | undefined;
}

export const beginChallenge = (at: number): ChallengeState => ({ kind: 'steady', since: at, still: [] });

/**
 * Whether no further try follows: whoever went another way than was asked may be a recording that was made before, and a second
 * try would be a second guess.
 */
export const isLast = (reason: ChallengeFailure): boolean => reason === 'wrong-side';

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
  const restless = (['yaw', 'pitch'] as const).some((angle) => spread(recent, angle) > config.steadySpread);
  if (restless) return { ...state, still: [look] };
  const first = recent[0]!;
  if (recent.length < config.steadyFrames || at - first.at < config.steadyTime)
    return { ...state, still: recent };
  return { kind: 'ready', arrowAt: at + plan.delay, reference: look, seenAt: at };
}

const spread = (looks: readonly Look[], angle: 'yaw' | 'pitch'): number => {
  const values = looks.map((look) => look[angle]);
  return Math.max(...values) - Math.min(...values);
};

function follow(
  state: Following,
  look: Look | null,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  if (isTooLate(state, at, config))
    return failed('flat' in state && state.flat >= config.evidence.side ? 'flat' : 'too-late');
  if (!look) return at - state.seenAt > config.gap ? failed('lost') : state;
  if (isOther(state.reference, look)) return failed('other');
  const seen = { ...state, seenAt: at };
  const move = moveOf(state.reference, look, config);
  switch (seen.kind) {
    case 'ready':
      return waitForArrow(seen, look, move, at);
    case 'turn':
      return watchTurn(seen, look, move, at, plan, config);
    case 'hold':
      return watchHold(seen, look, move, at, plan, config);
    case 'back':
      return watchBack(seen, look, move, at, plan, config);
    default:
      return seen satisfies never;
  }
}

/** Whether the time for everything is up, or for what the screen asks now. */
function isTooLate(state: Following, at: number, { limit, answer }: ChallengeConfig): boolean {
  if (state.kind === 'ready') return false;
  return at - state.arrowAt > limit || ('askedAt' in state && at - state.askedAt > answer);
}

/** How a head has moved since it looked at the camera. */
interface Move {
  /** the angle to a way; negative to the other */
  readonly angle: (way: Way) => number;
  /** the angle as a share of what counts as turned: what compares a nod with a turn to a side */
  readonly part: (way: Way) => number;
  /**
   * whether it went some way that is not among these, further than to any of them. No nod is told of a head that is turned to a side:
   * the mesh reads one of 19 degrees under the peak of a cap
   */
  readonly strayed: (...allowed: readonly Way[]) => boolean;
}

const axisOf = (way: Way): Axis => (way === 'left' || way === 'right' ? 'side' : 'nod');

function moveOf(before: Look, now: Look, { turned, wrongWay }: ChallengeConfig): Move {
  const yaw = now.yaw - before.yaw;
  const pitch = now.pitch - before.pitch;
  const angles: Readonly<Record<Way, number>> = { left: yaw, right: -yaw, up: pitch, down: -pitch };
  const angle = (way: Way) => angles[way];
  const part = (way: Way) => angles[way] / turned[axisOf(way)];
  return {
    angle,
    part,
    strayed(...allowed) {
      const most = Math.max(0, ...allowed.map(part));
      const aside = allowed.some((way) => axisOf(way) === 'side' && part(way) >= 1);
      return WAYS.some(
        (way) =>
          !allowed.includes(way) &&
          angle(way) > wrongWay[axisOf(way)] &&
          part(way) > most &&
          !(aside && axisOf(way) === 'nod'),
      );
    },
  };
}

/** Whether both frames were embedded and show two people: a picture that is held up after the head was turned. */
function isOther({ embedding: before }: Look, { embedding: now }: Look): boolean {
  return before !== undefined && now !== undefined && dot(before, now) < MATCH.minAgreement;
}

/** Whether this frame cannot show that the person is still the same: a blurred or dark frame is not embedded. */
const isUnproven = (before: Look, now: Look): boolean =>
  before.embedding !== undefined && now.embedding === undefined;

const asked = ({ arrowAt, reference, seenAt }: Asked): Asked => ({ arrowAt, reference, seenAt });

function waitForArrow(state: Of<'ready'>, look: Look, move: Move, at: number): ChallengeState {
  if (move.strayed()) return failed('too-early');
  // An embedded frame stays the reference: what follows is held against it.
  const embedded = look.embedding ?? state.reference.embedding;
  if (at < state.arrowAt) return { ...state, reference: { ...look, embedding: embedded } };
  return asksFor(0, { ...asked(state), arrowAt: at }, at);
}

const asksFor = (index: number, before: Asked, at: number): ChallengeState => ({
  ...asked(before),
  kind: 'turn',
  index,
  askedAt: at,
  evidence: 0,
  flat: 0,
  astray: 0,
});

function watchTurn(
  state: Of<'turn'>,
  look: Look,
  move: Move,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  const { way, hold } = plan.turns[state.index]!;
  const from = plan.turns[state.index - 1]?.way;
  if (move.strayed(way, ...(from ? [from] : []))) return goesAstray(state, config);
  const left = from ? leaving(move, from, at - state.askedAt, config) : null;
  if (left) return failed(left);
  const early = !from && move.angle(way) > config.wrongWay[axisOf(way)];
  if (early && at - state.askedAt < config.reaction) return failed('too-early');
  const there = move.part(way) >= 1 && (!from || move.part(from) <= config.left);
  if (!there || isUnproven(state.reference, look)) return state;
  const shown = withFrame(state, look, move.angle(way), way, config);
  return shown.evidence < config.evidence[axisOf(way)]
    ? shown
    : {
        ...asked(state),
        kind: 'hold',
        index: state.index,
        nextAt: at + hold,
        evidence: shown.evidence,
        flat: 0,
      };
}

/** Counts whether the turned face moved as a head does. */
function withFrame<State extends Of<'turn' | 'hold'>>(
  state: State,
  look: Look,
  angle: number,
  way: Way,
  config: ChallengeConfig,
): State {
  const change = compareViews(state.reference.points, look.points);
  return isHead(change, angle, way, config)
    ? { ...state, evidence: state.evidence + 1 }
    : { ...state, flat: state.flat + 1 };
}

/** Went another way than was asked, in this frame at least. */
const goesAstray = (state: Of<'turn' | 'back'>, { astray }: ChallengeConfig): ChallengeState =>
  state.astray + 1 < astray ? { ...state, astray: state.astray + 1 } : failed('wrong-side');

/** Whether the head left where it was turned before it can have seen what the screen asks, or still stays there. */
function leaving(
  move: Move,
  from: Way,
  since: number,
  { reaction, leave, kept, left }: ChallengeConfig,
): ChallengeFailure | null {
  if (since < reaction && move.part(from) < kept) return 'too-early';
  return since > leave && move.part(from) > Math.max(kept, left) ? 'too-late' : null;
}

function watchHold(
  before: Of<'hold'>,
  look: Look,
  move: Move,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  const { way } = plan.turns[before.index]!;
  if (move.part(way) < config.kept) return failed('too-early');
  const state = move.part(way) >= 1 ? withFrame(before, look, move.angle(way), way, config) : before;
  if (at < state.nextAt || state.evidence <= state.flat) return state;
  const next = state.index + 1;
  return next < plan.turns.length
    ? asksFor(next, state, at)
    : { ...asked(state), kind: 'back', askedAt: at, aheadAt: null, astray: 0 };
}

const isWithin = (value: number, [least, most]: readonly [least: number, most: number]): boolean =>
  value >= least && value <= most;

/** Whether the face moved as a head does that turned by this angle to this way. */
export function isHead(
  { offPlane, relief, lift, width }: ViewChange,
  angle: number,
  way: Way,
  config: ChallengeConfig,
): boolean {
  const axis = axisOf(way);
  const sine = Math.sin(Math.min(angle, Math.PI / 2));
  const forward = { left: relief, right: -relief, up: -lift, down: lift }[way];
  const asTurned = axis === 'nod' ? width : width / Math.cos(angle);
  return (
    isWithin(offPlane / sine, config.offPlane[axis]) &&
    isWithin(forward / sine, config.relief[axis]) &&
    isWithin(asTurned, config.width[axis]) &&
    (axis === 'side' || width <= 1 + config.widening * angle) &&
    (way !== 'up' || width <= config.maxWidthUp)
  );
}

function watchBack(
  state: Of<'back'>,
  look: Look,
  move: Move,
  at: number,
  plan: ChallengePlan,
  config: ChallengeConfig,
): ChallengeState {
  const from = plan.turns.at(-1)!.way;
  if (move.strayed(from)) return goesAstray(state, config);
  const left = leaving(move, from, at - state.askedAt, config);
  if (left) return failed(left);
  const away = WAYS.some((way) => move.angle(way) >= config.back[axisOf(way)]);
  if (away) return { ...state, aheadAt: null };
  if (isUnproven(state.reference, look)) return state;
  const { offPlane } = compareViews(state.reference.points, look.points);
  if (offPlane > config.backOffPlane) return state;
  const aheadAt = state.aheadAt ?? at;
  // A head on its way from one side to the other looks ahead for a moment too.
  return at - aheadAt >= config.settle ? { kind: 'passed', took: at - state.arrowAt } : { ...state, aheadAt };
}
