import { expect, test } from 'vitest';
import { createRng } from '../math/random.ts';
import { radians } from '../units.ts';
import { beginChallenge, type ChallengeState, isHead, isLast, isOver, stepChallenge } from './challenge.ts';
import { CHALLENGE, HOLDS } from './config.ts';
import { type ChallengePlan, drawPlan, TURNS, WAYS, type Way } from './plan.ts';
import { POINT_COUNT } from './points.ts';
import { bentSheet, drawHead, flattened, type SpacePoint, viewOf } from './test-head.ts';
import { compareViews } from './views.ts';

const angle = (degrees: number) => (degrees * Math.PI) / 180;

test('compareViews: a head that turns leaves the plane, and its nose moves to the side of the turn', () => {
  const rng = createRng(3);
  const head = drawHead(rng);
  const ahead = viewOf(head, {}, rng);
  for (const degrees of [16, 25, 35]) {
    const sine = Math.sin(angle(degrees));
    const turned = (sign: number) => compareViews(ahead, viewOf(head, { yaw: sign * angle(degrees) }, rng));
    const nodded = (sign: number) => compareViews(ahead, viewOf(head, { pitch: sign * angle(degrees) }, rng));
    expect(turned(1).offPlane).toBeGreaterThan(0.1 * sine);
    expect(turned(1).relief / sine).toBeGreaterThan(0.15);
    expect(turned(-1).relief / sine).toBeLessThan(-0.15);
    expect(nodded(1).lift / sine).toBeLessThan(-0.15);
    expect(nodded(-1).lift / sine).toBeGreaterThan(0.15);
  }
});

test('compareViews: a picture that is turned, tilted, moved and brought nearer by an unsteady hand stays a plane', () => {
  const rng = createRng(4);
  const picture = flattened(drawHead(rng));
  const held = (most: number) => ({
    yaw: angle(rng.between(-most, most)),
    pitch: angle(rng.between(-most, most) * 0.7),
  });
  for (let i = 0; i < 200; i++) {
    const move = [rng.between(-2, 2), rng.between(-1, 1), rng.between(-2, 2)] as const;
    const change = compareViews(viewOf(picture, held(6), rng), viewOf(picture, { ...held(60), move }, rng));
    expect(change.offPlane).toBeLessThan(0.02);
    expect(Math.abs(change.relief)).toBeLessThan(0.02);
    expect(Math.abs(change.lift)).toBeLessThan(0.02);
  }
});

test('challenge: a head that is drawn over a picture seen aslant is narrower than its turn', () => {
  const rng = createRng(7);
  const head = drawHead(rng);
  // What the mesh network makes of a sheet that is turned by 45 degrees: a head turned by 22, squeezed to the sheet's width.
  const seen = viewOf(head, { yaw: angle(22) }, rng);
  const squeezed = seen.map((value, i) => (i % 2 === 0 ? 320 + (value - 320) * 0.76 : value));
  const before = viewOf(head, {}, rng);
  expect(isHead(compareViews(before, seen), angle(22), 'left', CHALLENGE)).toBe(true);
  expect(isHead(compareViews(before, squeezed), angle(22), 'left', CHALLENGE)).toBe(false);
});

test('challenge: a sheet that is turned to a side is no nod, whatever the mesh makes of it', () => {
  const seen = { offPlane: 0.057, relief: 0, lift: -0.017, width: 1 };
  expect(isHead(seen, angle(9.2), 'up', CHALLENGE)).toBe(true);
  expect(isHead({ ...seen, width: 0.79 }, angle(9.2), 'up', CHALLENGE)).toBe(false);
  expect(isHead({ ...seen, width: 1.3 }, angle(9.2), 'up', CHALLENGE)).toBe(false);
});

test('challenge: a nod downwards widens a head with its angle, and a tilted sheet more', () => {
  const seen = { offPlane: 0.055, relief: 0, lift: 0.03, width: 1.14 };
  expect(isHead(seen, angle(9), 'down', CHALLENGE)).toBe(true);
  expect(isHead({ ...seen, width: 1.3 }, angle(9), 'down', CHALLENGE)).toBe(false);
  expect(isHead({ ...seen, width: 1.3, offPlane: 0.1 }, angle(16), 'down', CHALLENGE)).toBe(true);
});

test('compareViews: a picture that is bent by hand leaves the plane, but its nose goes with its surface', () => {
  const rng = createRng(5);
  const picture = flattened(drawHead(rng));
  for (let i = 0; i < 200; i++) {
    const sheet = bentSheet(picture, rng.between(0.15, 0.5) * (rng.chance(0.5) ? 1 : -1));
    const seen = viewOf(sheet, { yaw: angle(rng.between(-40, 40)) }, rng);
    const change = compareViews(viewOf(picture, {}, rng), seen);
    expect(Math.abs(change.relief)).toBeLessThan(0.03);
  }
});

test('compareViews: points on one line are refused', () => {
  const line = Float32Array.from({ length: 2 * (POINT_COUNT.surface + POINT_COUNT.nose) }, (_, i) => i);
  expect(() => compareViews(line, line)).toThrow(RangeError);
});

/** What the screen asks, and since when; milliseconds of the clock. */
interface Shown {
  readonly at: number;
  readonly way: Way | 'ahead';
}
/** Degrees to the left and upwards, of whoever has seen these prompts. */
type Moves = (at: number, prompts: readonly Shown[]) => { readonly x: number; readonly y: number };

/** Plays a challenge before a camera that sees a frame each `interval` milliseconds. */
function play(
  plan: ChallengePlan,
  points: readonly SpacePoint[],
  moves: Moves,
  changes: {
    readonly interval?: number;
    readonly gone?: (prompts: readonly Shown[]) => boolean;
    readonly who?: (prompts: readonly Shown[]) => Float32Array | undefined;
  } = {},
): ChallengeState {
  const { interval = 100, gone = () => false, who = () => undefined } = changes;
  const rng = createRng(9);
  const prompts: Shown[] = [];
  let state = beginChallenge(0);
  for (let at = 0; !isOver(state) && at < 30_000; at += interval) {
    const { x, y } = moves(at, prompts);
    const [yaw, pitch] = [radians(angle(x)), radians(angle(y))];
    const look = {
      at,
      points: viewOf(points, { yaw, pitch }, rng),
      yaw,
      pitch,
      interEyeDistance: 80,
      embedding: who(prompts),
    };
    state = stepChallenge(state, gone(prompts) ? null : look, at, plan, CHALLENGE);
    const way = state.kind === 'turn' ? plan.turns[state.index]!.way : state.kind === 'back' ? 'ahead' : null;
    if (way && prompts.at(-1)?.way !== way) prompts.push({ at, way });
  }
  return state;
}

const PLACES = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1], ahead: [0, 0] } as const;

/** Follows the screen: begins to move 400 ms after each prompt and takes half a second. */
const follows =
  (most: number, nod = 16): Moves =>
  (at, prompts) => {
    let [x, y] = [0, 0];
    let before: readonly [number, number] = PLACES.ahead;
    for (const prompt of prompts) {
      const to = PLACES[prompt.way];
      const part = Math.min(1, Math.max(0, (at - prompt.at - 400) / 500));
      x += most * part * (to[0] - before[0]);
      y += nod * part * (to[1] - before[1]);
      before = to;
    }
    return { x, y };
  };

/** Follows as a recording does of somebody who was asked for these turns; it is started when the first arrow comes. */
const replays =
  (asked: ChallengePlan): Moves =>
  (at, prompts) => {
    if (!prompts[0]) return { x: 0, y: 0 };
    let next = prompts[0].at;
    const recorded: Shown[] = asked.turns.map(({ way, hold }) => {
      const shown = { at: next, way };
      next += 1_000 + hold;
      return shown;
    });
    return follows(28)(at, [...recorded, { at: next, way: 'ahead' }]);
  };

/** Each thing that can be asked, with the shortest or the longest hold. */
const plansOf = (end: 0 | 1): ChallengePlan[] =>
  TURNS.map((turns) => ({
    delay: end * CHALLENGE.arrowDelay,
    turns: turns.map(([way, hold]) => ({ way, hold: CHALLENGE.hold[hold][end] })),
  }));
const PLANS = [...plansOf(0), ...plansOf(1)];
const one = (way: Way): ChallengePlan => ({ delay: 0, turns: [{ way, hold: 200 }] });
const two = (first: Way, second: Way): ChallengePlan => ({
  delay: 0,
  turns: [
    { way: first, hold: 200 },
    { way: second, hold: 200 },
  ],
});

test('challenge: a head that follows the screen passes in time whatever is asked, at each rate of frames', () => {
  const head = drawHead(createRng(6));
  for (const plan of PLANS)
    for (const interval of [50, 100, 200]) {
      const state = play(plan, head, follows(28), { interval });
      expect(state, JSON.stringify(plan)).toMatchObject({ kind: 'passed' });
      if (state.kind === 'passed') expect(state.took).toBeLessThanOrEqual(CHALLENGE.limit);
    }
});

test('challenge: a picture never passes, whatever turn is read from it', () => {
  const picture = flattened(drawHead(createRng(6)));
  for (const plan of PLANS)
    for (const most of [22, 30, 50])
      expect(play(plan, picture, follows(most))).toEqual({ kind: 'failed', reason: 'flat' });
});

test('challenge: the recording of one challenge passes no other', () => {
  const head = drawHead(createRng(6));
  const passed = (asked: ChallengePlan, recorded: ChallengePlan) =>
    play(asked, head, replays(recorded)).kind === 'passed';
  for (const asked of plansOf(0))
    expect(plansOf(0).filter((recorded) => passed(asked, recorded))).toEqual([asked]);
  expect(TURNS.length).toBeGreaterThanOrEqual(14);
});

test('challenge: whoever goes another way than asked fails, and has no second try', () => {
  const head = drawHead(createRng(6));
  for (const plan of [one('left'), one('up'), two('left', 'up'), two('down', 'right')])
    for (const went of WAYS.filter((way) => way !== plan.turns[0]!.way)) {
      const state = play(plan, head, (at, prompts) =>
        follows(28)(
          at,
          prompts.map((p) => ({ ...p, way: went })),
        ),
      );
      expect(state).toEqual({ kind: 'failed', reason: 'wrong-side' });
    }
  const second = (at: number, prompts: readonly Shown[]) =>
    follows(28)(
      at,
      prompts.map((prompt, i) => (i === 1 ? { ...prompt, way: 'down' as const } : prompt)),
    );
  expect(play(two('left', 'up'), head, second)).toEqual({ kind: 'failed', reason: 'wrong-side' });
  expect(play(one('left'), head, second)).toEqual({ kind: 'failed', reason: 'wrong-side' });
  expect([isLast('wrong-side'), isLast('too-late'), isLast('flat')]).toEqual([true, false, false]);
});

test('challenge: a head that moves before it is asked fails: a recording that does not know the times', () => {
  const head = drawHead(createRng(6));
  const early = { kind: 'failed', reason: 'too-early' };
  expect(play(one('left'), head, (_, prompts) => ({ x: prompts.length > 0 ? 28 : 0, y: 0 }))).toEqual(early);
  const comesBackUnasked: Moves = (at, prompts) => {
    const since = prompts[0] ? at - prompts[0].at : 0;
    return { x: since > 500 && since < 1_200 ? 28 : 0, y: 0 };
  };
  const long: ChallengePlan = { delay: 0, turns: [{ way: 'left', hold: 1_400 }] };
  expect(play(long, head, comesBackUnasked)).toEqual(early);
});

test('challenge: a picture that looks like a head in one frame and not while it is held is flat', () => {
  const rng = createRng(8);
  const head = drawHead(rng);
  const picture = flattened(head);
  const plan = one('up');
  const look = (at: number, points: readonly SpacePoint[], degrees: number) => {
    const pitch = radians(angle(degrees));
    return {
      at,
      points: viewOf(points, { pitch }, rng),
      yaw: radians(0),
      pitch,
      interEyeDistance: 80,
    };
  };
  const heldAs = (held: readonly SpacePoint[]) => {
    const frames = [
      ...[0, 100, 200, 300, 400].map((at) => look(at, head, 0)),
      look(900, head, 12),
      ...Array.from({ length: 60 }, (_, i) => look(1_000 + 100 * i, held, 12)),
    ];
    let state = beginChallenge(0);
    const kinds: string[] = [];
    for (const frame of frames) {
      state = stepChallenge(state, frame, frame.at, plan, CHALLENGE);
      kinds.push(state.kind);
    }
    return { state, asksBack: kinds.includes('back') };
  };
  expect(heldAs(head).asksBack).toBe(true);
  expect(heldAs(picture)).toEqual({ state: { kind: 'failed', reason: 'flat' }, asksBack: false });
});

test('challenge: a head that is turned to a side is not read as a nod, whatever the mesh says under a cap', () => {
  const head = drawHead(createRng(6));
  const plan = one('left');
  const nodsToo: Moves = (at, prompts) => {
    const { x } = follows(32)(at, prompts);
    return { x, y: x > 24 ? 16 : 0 };
  };
  const state = play(plan, head, nodsToo);
  expect(state).not.toEqual({ kind: 'failed', reason: 'wrong-side' });
});

test('challenge: who does not turn, stays turned or goes away fails', () => {
  const head = drawHead(createRng(6));
  const plan = one('right');
  const late = { kind: 'failed', reason: 'too-late' };
  expect(play(plan, head, () => ({ x: 0, y: 0 }))).toEqual(late);
  expect(play(plan, head, (at, prompts) => follows(28)(at, prompts.slice(0, 1)))).toEqual(late);
  expect(play(two('left', 'up'), head, (at, prompts) => follows(28)(at, prompts.slice(0, 1)))).toEqual(late);
  const goes = play(plan, head, follows(28), { gone: (prompts) => prompts.length > 0 });
  expect(goes).toEqual({ kind: 'failed', reason: 'lost' });
  expect(play(plan, head, follows(28), { gone: () => true })).toEqual(late);
});

test('challenge: another person who turns in the place of the one before, or comes back, fails', () => {
  const head = drawHead(createRng(6));
  const [first, other] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const plan = two('left', 'up');
  expect(play(plan, head, follows(28), { who: () => first }).kind).toBe('passed');
  for (const from of [1, 2, 3])
    expect(play(plan, head, follows(28), { who: ({ length }) => (length >= from ? other : first) })).toEqual({
      kind: 'failed',
      reason: 'other',
    });
  // Frames that were not good enough to be embedded: somebody else may turn in them.
  const unseen = play(plan, head, follows(28), { who: ({ length }) => (length > 0 ? undefined : first) });
  expect(unseen).toEqual({ kind: 'failed', reason: 'too-late' });
});

test('drawPlan: everything that can be asked comes about as often, and times lie within their limits', () => {
  const rng = createRng(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 4_000; i++) {
    const { delay, turns } = drawPlan(rng, CHALLENGE);
    expect(delay).toBeLessThanOrEqual(CHALLENGE.arrowDelay);
    const held = HOLDS.findLast((name) => turns.some(({ hold }) => hold >= CHALLENGE.hold[name][0]));
    const key = `${turns.map(({ way }) => way).join()} ${held}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(TURNS.length);
  for (const count of counts.values()) {
    expect(count).toBeGreaterThan((0.6 * 4_000) / TURNS.length);
    expect(count).toBeLessThan((1.5 * 4_000) / TURNS.length);
  }
});

test('the limits: no time at which a head may leave after a short hold is late enough for a long one', () => {
  const { hold, leave, reaction } = CHALLENGE;
  expect(hold.short[1] + leave).toBeLessThanOrEqual(hold.long[0] + reaction);
});
