import { expect, test } from 'vitest';
import { createRng } from '../math/random.ts';
import { radians } from '../units.ts';
import {
  beginChallenge,
  type ChallengePlan,
  type ChallengeState,
  drawPlan,
  isHead,
  isOver,
  stepChallenge,
} from './challenge.ts';
import { CHALLENGE } from './config.ts';
import { POINT_COUNT } from './points.ts';
import { bentSheet, drawHead, flattened, type SpacePoint, viewOf } from './test-head.ts';
import { compareViews } from './views.ts';

const angle = (degrees: number) => (degrees * Math.PI) / 180;

test('compareViews: a head that turns leaves the plane, and its nose moves to the side of the turn', () => {
  const rng = createRng(3);
  const head = drawHead(rng);
  for (const degrees of [16, 25, 35]) {
    const right = compareViews(viewOf(head, 0, rng), viewOf(head, angle(degrees), rng));
    const left = compareViews(viewOf(head, 0, rng), viewOf(head, angle(-degrees), rng));
    const sine = Math.sin(angle(degrees));
    expect(right.offPlane).toBeGreaterThan(0.1 * sine);
    expect(right.relief / sine).toBeGreaterThan(0.15);
    expect(left.relief / sine).toBeLessThan(-0.15);
  }
});

test('compareViews: a picture that is turned, moved and brought nearer by an unsteady hand stays a plane', () => {
  const rng = createRng(4);
  const picture = flattened(drawHead(rng));
  for (let i = 0; i < 200; i++) {
    const move = [rng.between(-2, 2), rng.between(-1, 1), rng.between(-2, 2)] as const;
    const change = compareViews(
      viewOf(picture, angle(rng.between(-6, 6)), rng),
      viewOf(picture, angle(rng.between(-60, 60)), rng, move),
    );
    expect(change.offPlane).toBeLessThan(0.015);
    expect(Math.abs(change.relief)).toBeLessThan(0.015);
  }
});

test('challenge: a head that is drawn over a picture seen aslant is narrower than its turn', () => {
  const rng = createRng(7);
  const head = drawHead(rng);
  // What the mesh network makes of a sheet that is turned by 45 degrees: a head turned by 22, squeezed to the sheet's width.
  const seen = viewOf(head, angle(22), rng);
  const squeezed = seen.map((value, i) => (i % 2 === 0 ? 320 + (value - 320) * 0.76 : value));
  const before = viewOf(head, 0, rng);
  expect(isHead(compareViews(before, seen), angle(22), 'left', CHALLENGE)).toBe(true);
  expect(isHead(compareViews(before, squeezed), angle(22), 'left', CHALLENGE)).toBe(false);
});

test('compareViews: a picture that is bent by hand leaves the plane, but its nose goes with its surface', () => {
  const rng = createRng(5);
  const picture = flattened(drawHead(rng));
  for (let i = 0; i < 200; i++) {
    const sheet = bentSheet(picture, rng.between(0.15, 0.5) * (rng.chance(0.5) ? 1 : -1));
    const change = compareViews(viewOf(picture, 0, rng), viewOf(sheet, angle(rng.between(-40, 40)), rng));
    expect(Math.abs(change.relief)).toBeLessThan(0.03);
  }
});

test('compareViews: points on one line are refused', () => {
  const line = Float32Array.from({ length: 2 * (POINT_COUNT.surface + POINT_COUNT.nose) }, (_, i) => i);
  expect(() => compareViews(line, line)).toThrow(RangeError);
});

/** Plays a challenge: `yawAt` gives the turn in degrees to the asked side, seconds after the arrow and after "back". */
function play(
  plan: ChallengePlan,
  points: readonly SpacePoint[],
  yawAt: (arrow: number, back: number) => number,
  changes: {
    readonly interval?: number;
    readonly gone?: (arrow: number) => boolean;
    readonly who?: (arrow: number, back: number) => Float32Array | undefined;
  } = {},
): ChallengeState {
  const { interval = 100, gone = () => false, who = () => undefined } = changes;
  const rng = createRng(9);
  let state = beginChallenge(0);
  for (let at = 0; !isOver(state) && at < 30_000; at += interval) {
    const arrow =
      'flat' in state || 'backAt' in state || 'askedAt' in state ? (at - state.arrowAt) / 1000 : -1;
    const back = state.kind === 'back' ? (at - state.askedAt) / 1000 : -1;
    const yaw = radians(angle(yawAt(arrow, back)) * (plan.side === 'left' ? 1 : -1));
    const look = {
      at,
      points: viewOf(points, yaw, rng),
      yaw,
      interEyeDistance: 80,
      embedding: who(arrow, back),
    };
    state = stepChallenge(state, gone(arrow) ? null : look, at, plan, CHALLENGE);
  }
  return state;
}

/** Follows the screen: turns half a second after the arrow, and back half a second after "back". */
const follows = (most: number) => (arrow: number, back: number) => {
  const part = (seconds: number) => Math.min(1, Math.max(0, (seconds - 0.4) / 0.5));
  return most * (part(arrow) - part(back));
};
const PLANS = (['left', 'right'] as const).flatMap((side) =>
  [0, 300].flatMap((delay) => [250, 700].map((hold) => ({ side, delay, hold }))),
);

test('challenge: a head that follows the screen passes within its time, to either side and at each rate of frames', () => {
  const head = drawHead(createRng(6));
  for (const plan of PLANS)
    for (const interval of [50, 100, 250]) {
      const state = play(plan, head, follows(28), { interval });
      expect(state.kind).toBe('passed');
      if (state.kind === 'passed') expect(state.took).toBeLessThanOrEqual(CHALLENGE.limit);
    }
});

test('challenge: a picture never passes, whatever turn is read from it', () => {
  const picture = flattened(drawHead(createRng(6)));
  for (const plan of PLANS)
    for (const most of [22, 30, 50])
      expect(play(plan, picture, follows(most))).toEqual({ kind: 'failed', reason: 'flat' });
});

test('challenge: a head that turns to the other side fails', () => {
  const head = drawHead(createRng(6));
  for (const plan of PLANS)
    expect(play(plan, head, (arrow, back) => -follows(28)(arrow, back))).toEqual({
      kind: 'failed',
      reason: 'wrong-side',
    });
});

test('challenge: a head that moves before it is asked fails: a recording that does not know the times', () => {
  const head = drawHead(createRng(6));
  const plan = { side: 'left', delay: 600, hold: 900 } as const;
  const early = { kind: 'failed', reason: 'too-early' };
  const turnsAtOnce = (arrow: number) => (arrow >= 0 ? 28 : 0);
  expect(play(plan, head, turnsAtOnce)).toEqual(early);
  const comesBackUnasked = (arrow: number) => (arrow > 0.5 && arrow < 1.2 ? 28 : 0);
  expect(play(plan, head, comesBackUnasked)).toEqual(early);
});

test('challenge: who does not turn, does not come back or goes away fails', () => {
  const head = drawHead(createRng(6));
  const plan = { side: 'right', delay: 0, hold: 300 } as const;
  expect(play(plan, head, () => 0)).toEqual({ kind: 'failed', reason: 'too-late' });
  expect(play(plan, head, (arrow) => follows(28)(arrow, -1))).toEqual({ kind: 'failed', reason: 'too-late' });
  expect(play(plan, head, follows(28), { gone: (arrow) => arrow > 0.5 })).toEqual({
    kind: 'failed',
    reason: 'lost',
  });
  expect(play(plan, head, follows(28), { gone: () => true })).toEqual({ kind: 'failed', reason: 'too-late' });
});

test('challenge: another person who turns in the place of the one before, or comes back, fails', () => {
  const head = drawHead(createRng(6));
  const [one, other] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const plan = { side: 'left', delay: 300, hold: 500 } as const;
  expect(play(plan, head, follows(28), { who: () => one }).kind).toBe('passed');
  const turned = play(plan, head, follows(28), { who: (arrow) => (arrow > 0 ? other : one) });
  expect(turned).toEqual({ kind: 'failed', reason: 'other' });
  const after = play(plan, head, follows(28), { who: (_, back) => (back > 0.3 ? other : one) });
  expect(after).toEqual({ kind: 'failed', reason: 'other' });
  // Frames that were not good enough to be embedded: somebody else may turn in them.
  const unseen = play(plan, head, follows(28), { who: (arrow) => (arrow > 0 ? undefined : one) });
  expect(unseen).toEqual({ kind: 'failed', reason: 'too-late' });
});

test('drawPlan: both sides come, and times lie within their limits', () => {
  const rng = createRng(1);
  const plans = Array.from({ length: 200 }, () => drawPlan(rng, CHALLENGE));
  expect(new Set(plans.map(({ side }) => side))).toEqual(new Set(['left', 'right']));
  for (const { delay, hold } of plans) {
    expect(delay).toBeLessThanOrEqual(CHALLENGE.arrowDelay);
    expect(hold).toBeGreaterThanOrEqual(CHALLENGE.hold[0]);
    expect(hold).toBeLessThanOrEqual(CHALLENGE.hold[1]);
  }
});
