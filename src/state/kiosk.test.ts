import { describe, expect, it } from 'vitest';
import { fakeCustomers } from '../../test/kiosk/fake-customers.ts';
import { FakeLock } from '../../test/kiosk/fake-lock.ts';
import { FakeEngine, FakeSettings, SIGNS_POSTED } from '../../test/kiosk/fakes.ts';
import { kioskOfFakes } from '../../test/kiosk/kiosk-of-fakes.ts';
import { stateConfig } from './config.ts';
import type { KioskDeps } from './kiosk-types.ts';

function setUp(over: Partial<KioskDeps> = {}) {
  let chimes = 0;
  const fakes = kioskOfFakes({
    storage: async () => ({ persisted: true, usedBytes: 1, quotaBytes: 2 }),
    chime: () => {
      chimes += 1;
    },
    ...over,
  });
  return { ...fakes, chimes: () => chimes };
}

describe('the kiosk', () => {
  it('opens, recognises through the frame loop, and closes every frame', async () => {
    const { clock, engines, source, run, phase } = setUp();
    const stop = run();
    await clock.advance(500);
    expect(phase().kind).toBe('attract');
    engines[0]!.scene = [{ who: 0 }];
    await clock.advance(1_500);
    expect(phase()).toMatchObject({ kind: 'greeted', person: { name: '김민지' } });
    const stopping = stop();
    await clock.advance(500);
    await stopping;
    expect(source.opened).toBeGreaterThan(5);
    // The fake engine closes what it analyses, as the real one must.
    expect(source.closed).toBe(source.opened);
    expect(engines[0]!.disposed).toBe(true);
  });

  it('never touches the passive check while the set-up has it off', async () => {
    const { clock, engines, kiosk, run } = setUp();
    run();
    await clock.advance(500);
    expect(engines[0]!.passiveAsked).toEqual([]);
    expect(kiosk.health.store.getState().passive).toEqual({ kind: 'off' });
  });

  it('loads the passive check before it opens, follows the set-up, and logs each face that was not believed', async () => {
    const { clock, engines, gallery, kiosk, run, phase } = setUp();
    const settings = new FakeSettings({ ...SIGNS_POSTED, passive: 'require' });
    gallery.settings = settings;
    Object.assign(gallery, { customers: fakeCustomers(gallery) });
    run();
    await clock.advance(500);
    expect(engines[0]!.passiveAsked).toEqual([stateConfig.engine.passiveFolder]);
    expect(kiosk.health.store.getState().passive.kind).toBe('ready');
    engines[0]!.scene = [{ who: 0, passive: 2 }];
    await clock.advance(1_500);
    expect(phase()).toMatchObject({ kind: 'unknown', reason: 'doubted' });
    const { id } = gallery.people[0]!;
    expect(gallery.doubts).toEqual([`${id} picture, asked`]);
    expect(kiosk.health.store.getState().doubted).toEqual({ picture: 1, unchecked: 0 });
    settings.set({ ...SIGNS_POSTED, passive: 'off' });
    await clock.advance(100);
    expect(engines[0]!.passiveAsked).toEqual([stateConfig.engine.passiveFolder, null]);
    expect(kiosk.health.store.getState().passive).toEqual({ kind: 'off' });
  });

  it('tells in health that the passive check is missing, and then greets nobody by face alone where it is required', async () => {
    const engine = new FakeEngine();
    engine.passiveState = { kind: 'failed', detail: 'gone' };
    const { clock, gallery, kiosk, run, phase } = setUp({ createEngine: () => engine });
    gallery.settings = new FakeSettings({ ...SIGNS_POSTED, passive: 'require' });
    Object.assign(gallery, { customers: fakeCustomers(gallery) });
    run();
    await clock.advance(500);
    expect(kiosk.health.store.getState().passive).toEqual(engine.passiveState);
    engine.scene = [{ who: 0 }];
    await clock.advance(1_500);
    expect(phase()).toMatchObject({ kind: 'unknown', reason: 'doubted', doubt: { why: 'unchecked' } });
  });

  it('makes no template of a face before somebody stands there, nor after the decision', async () => {
    const { clock, engines, run } = setUp();
    run();
    await clock.advance(100);
    engines[0]!.scene = [{ width: 20 }];
    await clock.advance(2_000);
    expect(engines[0]!.asked.length).toBeGreaterThan(5);
    expect(engines[0]!.embedded).toEqual([]);
    engines[0]!.scene = [{ who: 0 }];
    await clock.advance(1_500);
    const before = engines[0]!.embedded.length;
    await clock.advance(1_000);
    // The frame that was in work when the decision fell.
    expect(engines[0]!.embedded.length - before).toBeLessThanOrEqual(1);
  });

  it('replaces an engine whose GPU was lost and goes on', async () => {
    const { clock, engines, run, phase } = setUp();
    run();
    await clock.advance(500);
    engines[0]!.analyseError = { name: 'VisionError', code: 'gpu-lost', message: 'lost' };
    await clock.advance(500);
    expect(engines).toHaveLength(2);
    expect(engines[0]!.disposed).toBe(true);
    expect(phase().kind).toBe('attract');
  });

  it('gives up after several lost GPUs, says so, and tries again on demand', async () => {
    const lost = { name: 'VisionError', code: 'gpu-lost', message: 'lost' };
    const { clock, engines, run, phase, kiosk } = setUp();
    run();
    for (let round = 0; round <= stateConfig.engine.maxRestarts; round++) {
      await clock.advance(300);
      engines.at(-1)!.analyseError = lost;
      await clock.advance(300);
    }
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'gpu-lost' });
    void kiosk.retry();
    await clock.advance(300);
    expect(phase().kind).toBe('attract');
  });

  it('tells of a model that does not hash', async () => {
    const { clock, run, phase } = setUp({
      createEngine: () => {
        const engine = new FakeEngine();
        engine.startError = { name: 'VisionError', code: 'model-corrupt', message: 'sha256 differs' };
        return engine;
      },
    });
    run();
    await clock.advance(300);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'model-corrupt' });
  });

  it('tells of a gallery that does not open', async () => {
    const { clock, run, phase } = setUp({ openGallery: () => Promise.reject(new Error('no IndexedDB')) });
    run();
    await clock.advance(300);
    expect(phase()).toMatchObject({ reason: 'gallery-unavailable', detail: 'no IndexedDB' });
  });

  it('says https at an insecure address, and starts nothing there', async () => {
    const { clock, run, phase, engines, kiosk } = setUp({ secure: false });
    run();
    await clock.advance(300);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'insecure-address' });
    await kiosk.retry();
    expect(engines).toEqual([]);
    expect(kiosk.people.engine()).toBeNull();
  });

  it('opens even if the preparation fails, and keeps the reason for staff', async () => {
    const { clock, run, phase, kiosk } = setUp({ prepare: () => Promise.reject(new Error('no demo')) });
    run();
    await clock.advance(300);
    expect(phase().kind).toBe('attract');
    expect(kiosk.health.store.getState().errors.map(({ message }) => message)).toContain('no demo');
  });

  it('lets the staff console have the frames and takes them back', async () => {
    const { clock, engines, run, phase, kiosk, gallery } = setUp();
    Object.assign(gallery, { lock: new FakeLock(clock) });
    run();
    await clock.advance(500);
    kiosk.consoleLock.enter();
    await kiosk.consoleLock.setPin('2468', '2468', { kind: 'none' });
    kiosk.session.send({ type: 'suspend' });
    const release = kiosk.pump.use(kiosk.enrolment.consumer);
    engines[0]!.scene = [{ who: 3 }];
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.agree('ko');
    await clock.advance(4_000);
    await kiosk.consoleLock.unlock('2468');
    await clock.advance(100);
    expect(gallery.people.map(({ name }) => name)).toEqual(['김민지', '이서준', '박지우']);
    release();
    kiosk.session.send({ type: 'resume' });
    await clock.advance(1_500);
    expect(phase()).toMatchObject({ kind: 'greeted', person: { name: '박지우' } });
  });

  it('rings for staff until somebody comes', async () => {
    const { clock, kiosk, chimes } = setUp();
    kiosk.staffCall.call('help');
    await clock.advance(2.5 * stateConfig.staffCall.repeat);
    expect(chimes()).toBe(3);
    kiosk.staffCall.cancel();
    await clock.advance(5 * stateConfig.staffCall.repeat);
    expect(chimes()).toBe(3);
  });

  it('shows memory and frame times only while somebody watches', async () => {
    const { clock, run, kiosk } = setUp();
    run();
    await clock.advance(500);
    expect(kiosk.health.store.getState().memory).toBeNull();
    const stop = kiosk.health.watch();
    await clock.advance(100);
    expect(kiosk.health.store.getState()).toMatchObject({
      memory: { tensors: 321 },
      figures: { medianTotal: 115, medianDetect: 30 },
    });
    stop();
  });
});
