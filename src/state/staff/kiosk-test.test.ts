import { describe, expect, it } from 'vitest';
import { type FaceSpec, FakeClock, report } from '../../../test/kiosk/fakes.ts';
import { sessionConfig } from '../session/model/config.ts';
import { createOneFace } from '../session/one-face.ts';
import { createKioskTest } from './kiosk-test.ts';

const FRAMES = 4;

function testing() {
  const clock = new FakeClock();
  const test = createKioskTest({
    config: { decisions: 3, patience: 30_000 },
    clock,
    frames: FRAMES,
    interval: 30,
    oneFace: createOneFace(sessionConfig),
    limit: 1_500,
  });
  /** A frame after the other, each answered after `took` milliseconds. */
  const see = async (faces: readonly FaceSpec[], took: number, count: number) => {
    for (let frame = 0; frame < count; frame++) {
      const at = clock.now();
      const plan = test.consumer.plan();
      await clock.advance(took);
      test.consumer.onReport(report(faces, plan?.embed ?? false), at);
    }
  };
  return { clock, test, see, state: () => test.store.getState() };
}

describe('the kiosk’s test of itself', () => {
  it('asks for no frame and makes no template before somebody agreed, nor after it is done', async () => {
    const { test, see, state } = testing();
    expect(test.consumer.plan()).toBeNull();
    await see([{}], 100, 5);
    expect(state().kind).toBe('idle');
    test.start();
    // The first frame only tells where they are.
    expect(test.consumer.plan()).toMatchObject({ embed: false });
    await see([{}], 100, 1 + 3 * FRAMES);
    expect(test.consumer.plan()).toBeNull();
  });

  it('times whole decisions: as many frames as a name takes', async () => {
    const { test, see, state } = testing();
    test.start();
    await see([{}], 100, 1 + 3 * FRAMES);
    expect(state()).toMatchObject({ kind: 'passed', seconds: 0.4, slow: false });
  });

  it('says that it is slow where a decision takes longer than a shopper waits', async () => {
    const { test, see, state } = testing();
    test.start();
    await see([{}], 500, 1 + 3 * FRAMES);
    expect(state()).toMatchObject({ kind: 'passed', seconds: 2, slow: true });
  });

  it('names what keeps a face from being used, and counts no decision with such a frame in it', async () => {
    const { test, see, state } = testing();
    test.start();
    await see([{ issues: ['too-dark'] }], 100, 3);
    expect(state()).toMatchObject({ kind: 'looking', seen: { issues: ['too-dark'] } });
    await see([{}], 100, FRAMES - 1);
    await see([{ issues: ['blurred'] }], 100, 1);
    await see([{}], 100, 3 * FRAMES - 1);
    expect(state().kind).toBe('looking');
    await see([{}], 100, 1);
    expect(state()).toMatchObject({ kind: 'passed', seconds: 0.4 });
  });

  it('fails where no usable face comes in time', async () => {
    const { test, see, state } = testing();
    test.start();
    await see([], 1_000, 20);
    expect(state()).toEqual({ kind: 'looking', seen: null });
    await see([], 1_000, 12);
    expect(state()).toEqual({ kind: 'failed', seen: null });
  });

  it('looks at nobody where two people stand there, and says so', async () => {
    const { test, see, state } = testing();
    test.start();
    await see([{ x: 100 }, { x: 400, who: 2 }], 100, 10);
    expect(test.consumer.plan()).toMatchObject({ embed: false });
    expect(state()).toMatchObject({ kind: 'looking', seen: { issues: ['several-faces'] } });
  });
});
