import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import type { Way } from '@rounz/core/liveness/plan.ts';
import { drawHead, flattened, type SpacePoint, viewOf } from '@rounz/core/liveness/test-head.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { radians } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FakeClock, report } from '../../../test/kiosk/fakes.ts';
import { context, minji } from '../../../test/kiosk/play.ts';
import type { FrameConsumer } from '../engine/frame-pump.ts';
import { createChallenge } from './challenge.ts';
import { initialSession } from './machine.ts';
import { sessionConfig } from './model/config.ts';
import type { SessionModel, TurnView } from './model/types.ts';

const FRAME = 100;
const head = drawHead(createRng(6));

/** A kiosk whose visitor is given by what they show at each frame; they see the screen. */
function setUp() {
  const clock = new FakeClock();
  const consumers: FrameConsumer[] = [];
  const views: TurnView[] = [];
  const store = createStore<SessionModel>()(() => initialSession);
  const seen: number[] = [];
  const challenge = createChallenge({
    pump: {
      use: (consumer) => {
        consumers.push(consumer);
        return () => consumers.splice(consumers.indexOf(consumer), 1);
      },
    },
    session: { store, consumer: { plan: () => null, onReport: (_, at) => seen.push(at) } },
    recogniser: context.recogniser,
    clock,
    config: CHALLENGE,
    sessionConfig,
    draws: createRng(2),
    interval: FRAME,
  });
  const rng = createRng(3);
  let outcome: boolean | null = null;
  return {
    clock,
    consumers,
    views,
    store,
    seen,
    outcome: () => outcome,
    begin: () =>
      void challenge
        .run(minji.id, (view) => views.push(view))
        .then((passed) => {
          outcome = passed;
        }),
    /** A frame every 100 ms for that long. */
    async stand(ms: number, points: readonly SpacePoint[], turned: () => Turned, who = 0) {
      for (let passed = 0; passed < ms && consumers.length > 0; passed += FRAME) {
        const { x, y } = turned();
        const [yaw, pitch] = [radians((x * Math.PI) / 180), radians((y * Math.PI) / 180)];
        const pose = { yaw, pitch, roll: radians(0) };
        const frame = report([{ who, landmarks: viewOf(points, { yaw, pitch }, rng), quality: { pose } }]);
        consumers.at(-1)?.onReport(frame, clock.now());
        await clock.advance(FRAME);
      }
    },
  };
}

/** Degrees to the left and upwards. */
interface Turned {
  readonly x: number;
  readonly y: number;
}
const PLACES = { left: [28, 0], right: [-28, 0], up: [0, 16], down: [0, -16] } as const;

/** Somebody who turns a moment after the screen asks for it, and comes back so. @param ways where they turn instead */
function visitor(views: readonly TurnView[], ways: Partial<Record<Way, Way>> = {}): () => Turned {
  let turned: Turned = { x: 0, y: 0 };
  const nearer = (from: number, to: number) => from + Math.max(-8, Math.min(8, to - from));
  return () => {
    const view = views.at(-1);
    const [x, y] = view?.kind === 'turn' ? PLACES[ways[view.way] ?? view.way] : [0, 0];
    turned = { x: nearer(turned.x, x), y: nearer(turned.y, y) };
    return turned;
  };
}

describe('the challenge', () => {
  it('is met by a head that follows the screen, whose frames the session sees as well', async () => {
    const kiosk = setUp();
    kiosk.begin();
    await kiosk.stand(8_000, head, visitor(kiosk.views));
    expect(kiosk.outcome()).toBe(true);
    expect(kiosk.views[0]?.kind).toBe('steady');
    expect(new Set(kiosk.views.slice(1, -1).map(({ kind }) => kind))).toEqual(new Set(['turn']));
    expect(kiosk.views.at(-1)?.kind).toBe('back');
    expect(kiosk.consumers).toEqual([]);
    expect(kiosk.seen.length).toBeGreaterThan(10);
  });

  it('asks again after a failure, says why, and gives way after the last try', async () => {
    const kiosk = setUp();
    kiosk.begin();
    await kiosk.stand(30_000, flattened(head), visitor(kiosk.views));
    expect(kiosk.outcome()).toBe(false);
    expect(kiosk.views.filter(({ kind }) => kind === 'steady')).toEqual([
      { kind: 'steady', failure: null },
      { kind: 'steady', failure: 'flat' },
    ]);
    expect(kiosk.consumers).toEqual([]);
  });

  it('has no second try for whoever turned another way: it would be a recording’s second guess', async () => {
    const kiosk = setUp();
    kiosk.begin();
    const mirrored = { left: 'right', right: 'left', up: 'down', down: 'up' } as const;
    await kiosk.stand(30_000, head, visitor(kiosk.views, mirrored));
    expect(kiosk.outcome()).toBe(false);
    expect(kiosk.views.filter(({ kind }) => kind === 'steady')).toHaveLength(1);
  });

  it('is not met by somebody else, who turns their own head after a picture was greeted', async () => {
    const kiosk = setUp();
    kiosk.begin();
    await kiosk.stand(30_000, head, visitor(kiosk.views), 1);
    expect(kiosk.outcome()).toBe(false);
    expect(kiosk.views.map(({ kind }) => kind)).toEqual(['steady', 'steady']);
  });

  it('gives way where no frame comes, and when the session goes on', async () => {
    const dark = setUp();
    dark.begin();
    await dark.clock.advance(2 * CHALLENGE.steadyLimit + 1_000);
    expect(dark.outcome()).toBe(false);
    const left = setUp();
    left.begin();
    await left.stand(300, head, () => ({ x: 0, y: 0 }));
    left.store.setState({ ...initialSession, phase: { kind: 'attract', armed: true } });
    await left.clock.advance(0);
    expect(left.outcome()).toBe(false);
    expect(left.consumers).toEqual([]);
  });
});
