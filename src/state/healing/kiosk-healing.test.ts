import { describe, expect, it } from 'vitest';
import { FakeEngine, MemoryGallery, person } from '../../../test/kiosk/fakes.ts';
import { kioskOfFakes } from '../../../test/kiosk/kiosk-of-fakes.ts';
import type { GalleryEngine } from '../../gallery/contract/gallery.ts';
import { stateConfig } from '../config.ts';
import type { KioskDeps } from '../kiosk-types.ts';
import type { HealingHands } from './kiosk-healing.ts';

function setUp(over: Partial<KioskDeps> = {}, hands: Partial<HealingHands> = {}) {
  let kept: string | null = null;
  let reloads = 0;
  const fakes = kioskOfFakes({
    healing: {
      memory: {
        read: () => kept,
        write: (text) => {
          kept = text;
          return true;
        },
      },
      gpu: { had: () => false, keep: () => {} },
      reload: () => {
        reloads += 1;
      },
      beat: () => {},
      visible: () => true,
      hour: () => 12,
      ...hands,
    },
    ...over,
  });
  fakes.run();
  return { ...fakes, reloads: () => reloads };
}

const never = new Promise<never>(() => {});

describe('the kiosk mends itself', () => {
  it('starts an engine that failed again, and shows no progress of it before it is there', async () => {
    let broken = true;
    const phases: string[] = [];
    const { clock, phase, kiosk } = setUp({
      createEngine: () => {
        const engine = new FakeEngine();
        if (broken) engine.startError = { name: 'VisionError', code: 'model-corrupt', message: 'sha256' };
        return engine;
      },
    });
    await clock.advance(300);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'model-corrupt' });
    kiosk.session.store.subscribe(({ phase: { kind } }) => phases.push(kind));
    await clock.advance(4_000);
    broken = false;
    await clock.advance(6_000);
    expect(phase().kind).toBe('attract');
    expect(new Set(phases)).toEqual(new Set(['out-of-order', 'attract']));
  });

  it('starts an engine again whose start hangs', async () => {
    let starts = 0;
    const { clock, phase } = setUp({
      createEngine: () => {
        const engine = new FakeEngine();
        starts += 1;
        if (starts === 1) engine.start = () => never;
        return engine;
      },
    });
    await clock.advance(stateConfig.healing.silence.engine + 5_000);
    expect(starts).toBe(2);
    expect(phase().kind).toBe('attract');
  });

  it('opens a gallery that failed and one that hangs, and closes the one that came too late', async () => {
    let opens = 0;
    let late: (gallery: GalleryEngine) => void = () => {};
    const first = new MemoryGallery();
    let closed = 0;
    first.close = () => {
      closed += 1;
    };
    const { clock, phase, gallery } = setUp({
      openGallery: () => {
        opens += 1;
        if (opens === 1) return Promise.reject(new Error('blocked'));
        if (opens === 2)
          return new Promise((resolve) => {
            late = resolve;
          });
        return Promise.resolve(gallery);
      },
    });
    await clock.advance(300);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'gallery-unavailable' });
    await clock.advance(stateConfig.healing.silence.gallery + 15_000);
    expect(opens).toBe(3);
    expect(phase().kind).toBe('attract');
    late(first);
    await clock.advance(100);
    expect(closed).toBe(1);
    expect(phase().kind).toBe('attract');
  });

  it('says so when the gallery cannot compare by the running model, and tries again', async () => {
    const { clock, phase, gallery, kiosk, engines } = setUp();
    const { setModel } = gallery.matcher;
    let failures = 0;
    Object.assign(gallery.matcher, {
      setModel: async (model: never) => {
        failures += 1;
        if (failures <= 2) throw new Error('the index is damaged');
        await setModel(model);
      },
    });
    await clock.advance(300);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'gallery-unavailable' });
    await clock.advance(15_000);
    expect(phase().kind).toBe('attract');
    expect(kiosk.people.store.getState().kind).toBe('open');
    engines.at(-1)!.scene = [{ who: 0 }];
    await clock.advance(1_500);
    expect(phase()).toMatchObject({ kind: 'greeted' });
  });

  it('starts anew where the gallery gives no answer about the running model', async () => {
    const { clock, phase, gallery, reloads } = setUp();
    let asked = 0;
    Object.assign(gallery.matcher, {
      setModel: () => {
        asked += 1;
        return asked === 1 ? never : Promise.resolve();
      },
    });
    await clock.advance(1_000);
    expect(phase().kind).toBe('starting');
    await clock.advance(stateConfig.healing.silence.engine + 30_000);
    expect(phase().kind).toBe('attract');
    expect(reloads()).toBe(0);
  });

  it('takes the gallery once the other window lets it go, and reloads no page while it waits', async () => {
    let elsewhere = true;
    const gallery = new MemoryGallery();
    const { clock, phase, reloads } = setUp({
      openGallery: async () => {
        if (elsewhere) throw Object.assign(new Error('held'), { code: 'held-elsewhere' });
        return gallery;
      },
    });
    await clock.advance(3_600_000);
    expect(phase()).toMatchObject({ kind: 'out-of-order', reason: 'other-window' });
    expect(reloads()).toBe(0);
    elsewhere = false;
    await clock.advance(61_000);
    expect(phase().kind).toBe('attract');
  });

  it('opens the gallery anew when its storage was closed under it, without a word to the customer', async () => {
    let opens = 0;
    const second = new MemoryGallery();
    second.people = [person(0, '김민지')];
    const first = new MemoryGallery();
    first.people = [person(0, '김민지')];
    first.failure = Object.assign(new Error('closed'), { code: 'unavailable' });
    const { clock, kiosk, phase } = setUp({
      openGallery: async () => {
        opens += 1;
        return opens === 1 ? first : second;
      },
    });
    await clock.advance(500);
    const phases: string[] = [];
    kiosk.session.store.subscribe(({ phase: { kind } }) => phases.push(kind));
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.refuse();
    kiosk.enrolment.byTelephone();
    kiosk.enrolment.saveTelephone({ telephone: '01055550001', pin: '4826' }, 'ko');
    kiosk.enrolment.staffReturned();
    await clock.advance(4_000);
    expect(opens).toBe(2);
    expect(kiosk.people.engine()).toBe(second);
    expect(phases).not.toContain('out-of-order');
    expect(phase().kind).toBe('attract');
  });

  it('restarts an engine that gives no answer any more', async () => {
    const { clock, engines, phase } = setUp();
    await clock.advance(500);
    engines[0]!.analyse = () => never;
    await clock.advance(stateConfig.healing.blind + 10_000);
    expect(engines.length).toBeGreaterThan(1);
    expect(phase().kind).toBe('attract');
  });

  it('reloads a page that stays broken, not before it was left, and counts it', async () => {
    const { clock, phase, kiosk, reloads, gallery, engines } = setUp();
    await clock.advance(500);
    expect(gallery.people).toHaveLength(2);
    engines[0]!.scene = [{ who: 0 }];
    await clock.advance(2_000);
    expect(phase().kind).toBe('greeted');
    for (let i = 0; i < stateConfig.healing.maxUncaught; i++) kiosk.healing.uncaught(new Error('odd'));
    await clock.advance(50_000);
    expect(reloads()).toBe(0);
    engines[0]!.scene = [];
    for (let i = 0; i < stateConfig.healing.maxUncaught; i++) kiosk.healing.uncaught(new Error('odd'));
    await clock.advance(40_000);
    expect(reloads()).toBe(1);
    expect(kiosk.health.store.getState().errors.map(({ message }) => message)).toContain('odd');
  });

  it('draws a screen afresh that could not be drawn', async () => {
    const { clock, kiosk } = setUp();
    await clock.advance(500);
    kiosk.healing.crashed(new Error('no such property'));
    await clock.advance(3_000);
    expect(kiosk.healing.store.getState().drawings).toBe(1);
  });

  it('asks a camera again that was refused', async () => {
    const { clock, source, phase } = setUp();
    await clock.advance(500);
    source.set({ kind: 'problem', problem: 'permission-refused', detail: 'no' });
    expect(phase().kind).toBe('out-of-order');
    await clock.advance(61_000);
    expect(phase().kind).toBe('attract');
  });
});
