import { EYES, SIDES } from '@rounz/core/liveness/points.ts';
import { FACE_WIDTHS } from '@rounz/core/liveness/proportion.ts';
import { radians } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { type FaceSpec, FakeClock, report } from '../../../test/kiosk/fakes.ts';
import { context, lookUp, open, page, read } from '../../../test/kiosk/play.ts';
import { pumpConfig } from '../engine/config.ts';
import type { FrameConsumer } from '../engine/frame-pump.ts';
import { createFaceFit } from './fit.ts';
import { fitConfig } from './model/config.ts';
import { createSession } from './session.ts';

const FRAME = 100;

/** The points of a face whose sides lie so far apart for eyes that are `eyes` pixels apart. */
function pointsOf(ratio: number, eyes: number): Float32Array {
  const points = new Float32Array(200);
  const put = (place: number, x: number) => {
    points[2 * place] = 320 + x;
    points[2 * place + 1] = 240;
  };
  for (const [side, [outer, inner]] of [-1, 1].map((side, i) => [side, EYES[i]!] as const)) {
    put(outer, side * eyes * 0.7);
    put(inner, side * eyes * 0.3);
  }
  for (const [right, left] of SIDES) {
    put(right, (-ratio * eyes) / 2);
    put(left, (ratio * eyes) / 2);
  }
  return points;
}

const EYE_DISTANCE = 60;
/** A face of that width for its eyes, as the fake frames hold it. */
const face = (ratio: number, over: FaceSpec = {}): FaceSpec => ({
  width: 2 * EYE_DISTANCE,
  landmarks: pointsOf(ratio, EYE_DISTANCE),
  ...over,
});
const [NARROW, WIDE] = [FACE_WIDTHS.medium - 0.2, FACE_WIDTHS.wide + 0.1];

/** A kiosk with an open page and its owner before it. */
async function setUp(way: 'face' | 'telephone' = 'face') {
  const clock = new FakeClock();
  const session = createSession(context, clock, pumpConfig);
  const play = way === 'face' ? read(open().see([face(NARROW)], 4_000)) : lookUp(open());
  if (way === 'telephone') play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
  if (play.kind === 'greeted') play.touch('open-page');
  expect(play.kind).toBe('page');
  session.store.setState(play.model, true);
  await clock.advance(play.at - clock.now());
  const consumers: FrameConsumer[] = [];
  const fit = createFaceFit({
    pump: {
      use(consumer) {
        consumers.push(consumer);
        return () => consumers.splice(consumers.indexOf(consumer), 1);
      },
    },
    session,
    clock,
    config: fitConfig,
    sessionConfig: context.config,
    interval: FRAME,
  });
  const see = async (faces: readonly FaceSpec[], ms: number) => {
    for (let passed = 0; passed < ms; passed += FRAME) {
      consumers.at(-1)?.onReport(report(faces, false), clock.now());
      await clock.advance(FRAME);
    }
  };
  const controller = new AbortController();
  return { clock, session, fit, see, consumers, controller, look: () => fit.look(controller.signal) };
}

describe('the look at how wide a face is', () => {
  it.each([
    [NARROW, 'narrow'],
    [WIDE, 'wide'],
  ])('tells the band of the median of its frames: %d is %s', async (ratio, width) => {
    const { see, look, consumers } = await setUp();
    const outcome = look();
    // One frame in which the mesh slipped changes nothing.
    await see([face(1.2)], FRAME);
    await see([face(ratio)], 1_000);
    expect(await outcome).toEqual({ kind: 'told', width });
    expect(consumers).toEqual([]);
  });

  it('asks for no template', async () => {
    const { look, consumers, controller } = await setUp();
    const outcome = look();
    expect(consumers[0]!.plan()).toEqual({ embed: false, interval: FRAME });
    controller.abort();
    expect(await outcome).toBeNull();
  });

  it('measures the owner of the page alone, not whoever stands beside them', async () => {
    const { see, look } = await setUp();
    const outcome = look();
    await see([face(NARROW), face(WIDE, { who: 2, x: 440 })], 1_000);
    expect(await outcome).toEqual({ kind: 'told', width: 'narrow' });
  });

  it('works on a page by telephone, for whoever touched the screen', async () => {
    const { see, look, session } = await setUp('telephone');
    session.touch('active');
    const outcome = look();
    await see([face(WIDE)], 1_000);
    expect(await outcome).toEqual({ kind: 'told', width: 'wide' });
  });

  it('ends without an answer when another face takes the place of the owner', async () => {
    const { see, look, session, consumers } = await setUp();
    const outcome = look();
    await see([face(NARROW)], 3 * FRAME);
    await see([face(WIDE, { who: 2, x: 500, width: 60 })], 300);
    expect(session.store.getState().phase.kind).not.toBe('page');
    expect(await outcome).toBeNull();
    expect(consumers).toEqual([]);
  });

  it.each([
    ['too-far', face(NARROW, { quality: { interEyeDistance: 20 } })],
    [
      'turned',
      face(NARROW, { quality: { pose: { yaw: radians(0.4), pitch: radians(0), roll: radians(0) } } }),
    ],
    [
      'tilted',
      face(NARROW, { quality: { pose: { yaw: radians(0), pitch: radians(0.5), roll: radians(0) } } }),
    ],
    ['too-dark', face(NARROW, { issues: ['too-dark'] })],
  ] as const)('says why nobody was seen well enough: %s', async (issue, seen) => {
    const { see, look } = await setUp();
    const outcome = look();
    await see([seen], fitConfig.patience + FRAME);
    expect(await outcome).toEqual({ kind: 'unseen', issue });
  });

  it('tells nothing where no page is open', async () => {
    const { session, look } = await setUp();
    session.touch('done');
    expect(await look()).toBeNull();
  });
});
