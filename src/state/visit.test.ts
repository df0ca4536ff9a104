import { afterEach, describe, expect, it } from 'vitest';
import { FAKE_ACCESS, fakeCustomers } from '../../test/kiosk/fake-customers.ts';
import { FakeClock, FakeEngine, FakeSource, MemoryGallery, person } from '../../test/kiosk/fakes.ts';
import { stateConfig } from './config.ts';
import { createKiosk } from './kiosk.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function opened() {
  const clock = new FakeClock();
  const engine = new FakeEngine();
  const gallery = new MemoryGallery();
  gallery.people = [person(0, '김민지'), person(1, '이서준')];
  const customers = fakeCustomers(gallery);
  Object.assign(gallery, { customers });
  const kiosk = createKiosk({
    config: stateConfig,
    clock,
    source: new FakeSource(),
    createEngine: () => engine,
    demo: false,
    vision: async () => ({ modelUrl: '', detectorUrl: '', wasmUrl: '' }),
    openGallery: async () => gallery,
    storage: async () => null,
    chime: () => {},
    catalogue: { folder: '', read: async () => ({ format: 2 }) },
  });
  stops.push(kiosk.run());
  await clock.advance(500);
  const phase = () => kiosk.session.store.getState().phase;
  const greet = async () => {
    engine.scene = [{ who: 0 }];
    await clock.advance(1_500);
    kiosk.session.touch('open-page');
  };
  return { clock, engine, gallery, customers, kiosk, phase, greet };
}

describe('the visit', () => {
  it('reads the page of whoever is greeted and counts the visit once', async () => {
    const { clock, engine, customers, phase, greet } = await opened();
    await greet();
    expect(phase()).toMatchObject({ kind: 'page', page: { name: '김민지', visits: 1 } });
    engine.scene = [];
    await clock.advance(6_000);
    await greet();
    expect(phase()).toMatchObject({ kind: 'page', page: { visits: 1 } });
    expect((await customers.page('id-0')).visits).toBe(1);
  });

  it('saves a frame and takes it back', async () => {
    const { kiosk, phase, greet } = await opened();
    await greet();
    await kiosk.visit.saveFrame('jeju-sun');
    expect(phase()).toMatchObject({ page: { savedFrames: ['jeju-sun'] } });
    await kiosk.visit.removeFrame('jeju-sun');
    expect(phase()).toMatchObject({ page: { savedFrames: [] } });
  });

  it('comes to the same page by telephone and PIN, and to none by a wrong one', async () => {
    const { kiosk, phase } = await opened();
    kiosk.session.touch('without-face');
    await kiosk.visit.lookUp({ ...FAKE_ACCESS, pin: '0000' });
    expect(phase()).toMatchObject({ kind: 'lookup', status: { kind: 'wrong' } });
    await kiosk.visit.lookUp(FAKE_ACCESS);
    expect(phase()).toMatchObject({ kind: 'page', way: 'telephone', page: { name: '김민지', visits: 1 } });
  });

  it('forgets the person at once: the kiosk does not know them any more', async () => {
    const { clock, engine, kiosk, phase, greet } = await opened();
    await greet();
    expect(await kiosk.visit.forget()).toBe(true);
    expect(phase()).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    engine.scene = [];
    await clock.advance(6_000);
    engine.scene = [{ who: 0 }];
    await clock.advance(3_000);
    expect(phase()).toMatchObject({ kind: 'unknown', reason: 'no-match' });
  });

  it('keeps a consent that was renewed on the page: today’s text, in the language it was read in', async () => {
    const { kiosk, clock, phase, greet } = await opened();
    await greet();
    expect(await kiosk.visit.renewConsent('en')).toBe(true);
    const { consentVersion: version } = stateConfig.enrolment;
    expect(phase()).toMatchObject({
      kind: 'page',
      page: { consent: { version, language: 'en', givenAt: clock.date() } },
    });
  });

  it('says so when the consent cannot be kept', async () => {
    const { kiosk, customers, phase, greet } = await opened();
    await greet();
    customers.renewConsent = () => Promise.reject(new Error('the disk is full'));
    expect(await kiosk.visit.renewConsent('ko')).toBe(false);
    expect(phase().kind).toBe('page');
    expect(kiosk.health.store.getState().errors.at(-1)?.message).toBe('the disk is full');
  });

  it('says so when the gallery refuses, and keeps the page', async () => {
    const { kiosk, customers, phase, greet } = await opened();
    await greet();
    customers.withdraw = () => Promise.reject(new Error('the disk is full'));
    expect(await kiosk.visit.forget()).toBe(false);
    expect(phase().kind).toBe('page');
    expect(kiosk.health.store.getState().errors.at(-1)?.message).toBe('the disk is full');
  });

  it('goes on without a catalogue and tells staff', async () => {
    const { kiosk } = await opened();
    expect(kiosk.catalogue.store.getState().kind).toBe('failed');
    expect(kiosk.health.store.getState().errors[0]?.message).toContain('catalogue.json');
  });
});
