import { describe, expect, it } from 'vitest';
import { FakeLock } from '../../test/kiosk/fake-lock.ts';
import { person } from '../../test/kiosk/fakes.ts';
import { kioskOfFakes } from '../../test/kiosk/kiosk-of-fakes.ts';
import { stateConfig } from './config.ts';

/** A console that is open at the enrolment's form, with somebody before the camera. */
async function console() {
  const { clock, engine, gallery, kiosk, run } = kioskOfFakes();
  const lock = new FakeLock(clock);
  lock.current = { kind: 'locked', failures: 0, retryAt: null };
  const saved: string[] = [];
  Object.assign(gallery, {
    lock,
    staff: {
      person: async (id: string) => ({ id }),
      addTemplates: async (id: string) => {
        // As the real gallery: nothing of staff's is written without their key.
        if (lock.current.kind !== 'open') throw Object.assign(new Error('locked'), { code: 'locked' });
        saved.push(id);
      },
    },
  });
  run();
  await clock.advance(500);
  const leave = kiosk.consoleLock.enter();
  await kiosk.consoleLock.unlock('2468');
  kiosk.session.send({ type: 'suspend' });
  const release = kiosk.pump.use(kiosk.enrolment.consumer);
  engine.scene = [{ who: 3 }];
  const phase = () => kiosk.enrolment.store.getState().kind;
  const lockKind = () => kiosk.consoleLock.store.getState().kind;
  return { clock, gallery, kiosk, lock, phase, lockKind, leave, release, saved };
}

describe('handing the screen to the customer', () => {
  it('drops the staff’s key, and Cancel leads to the PIN', async () => {
    const { kiosk, lock, phase, lockKind } = await console();
    kiosk.enrolment.begin('박지우');
    expect(phase()).toBe('age');
    expect(lock.current.kind).toBe('locked');
    kiosk.enrolment.reset();
    expect(phase()).toBe('form');
    expect(lockKind()).toBe('locked');
  });

  it('drops it also where a consent holds and the camera is next', async () => {
    const { kiosk, lock, phase } = await console();
    const minji = { ...person(0, '김민지'), currentTemplates: 1, oldTemplates: 0, note: '', telephone: null };
    const consent = { version: stateConfig.enrolment.consentVersion, givenAt: '2026-11-20T02:00:00.000Z' };
    kiosk.enrolment.beginFor('add', { ...minji, consent, visits: 0, lastVisit: null });
    expect(phase()).toBe('capture');
    expect(lock.current.kind).toBe('locked');
  });

  it('asks for the PIN before anything is shown or written of what was taken', async () => {
    const { kiosk, clock, gallery, phase } = await console();
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.agree('ko');
    await clock.advance(4_000);
    expect(phase()).toBe('handed-back');
    expect(gallery.people).toHaveLength(2);
    await kiosk.consoleLock.unlock('1111');
    expect(phase()).toBe('handed-back');
    await kiosk.consoleLock.unlock('2468');
    await clock.advance(100);
    expect(phase()).toBe('saved');
    expect(gallery.people.map(({ name }) => name)).toEqual(['김민지', '이서준', '박지우']);
  });

  it('names nobody else to the customer: a duplicate is told behind the PIN', async () => {
    const { kiosk, clock, phase, gallery } = await console();
    gallery.people = [person(3, '이서준')];
    await kiosk.people.refresh();
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.agree('ko');
    await clock.advance(4_000);
    expect(JSON.stringify(kiosk.enrolment.store.getState())).not.toContain('이서준');
    await kiosk.consoleLock.unlock('2468');
    expect(phase()).toBe('duplicate');
  });

  it('writes another picture with the key of the staff who came back', async () => {
    const { kiosk, clock, phase, saved } = await console();
    const minji = { ...person(0, '김민지'), currentTemplates: 0, oldTemplates: 1, note: '', telephone: null };
    const consent = { version: stateConfig.enrolment.consentVersion, givenAt: '2026-11-20T02:00:00.000Z' };
    kiosk.enrolment.beginFor('add', { ...minji, consent, visits: 0, lastVisit: null });
    await clock.advance(4_000);
    expect(saved).toEqual([]);
    await kiosk.consoleLock.unlock('2468');
    await clock.advance(100);
    expect(phase()).toBe('saved');
    expect(saved).toEqual(['id-0']);
    expect(kiosk.staffRecords.store.getState().selected).toBe('id-0');
  });

  it('keeps a number and a PIN of the customer’s own until staff come back, and says there what is wrong', async () => {
    const { kiosk, clock, gallery, phase, lockKind } = await console();
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.refuse();
    kiosk.enrolment.byTelephone();
    kiosk.enrolment.saveTelephone({ telephone: '010-1234-5678', pin: '2580' }, 'ko');
    await clock.advance(100);
    expect(phase()).toBe('handed-back');
    gallery.failure = Object.assign(new Error('taken'), { code: 'access-taken' });
    await kiosk.consoleLock.unlock('2468');
    await clock.advance(100);
    // The customer corrects it, so the screen is theirs again and the key is gone again.
    expect(kiosk.enrolment.store.getState()).toMatchObject({
      kind: 'telephone',
      problem: { code: 'access-taken' },
    });
    expect(lockKind()).toBe('locked');
  });

  it('ends by itself where the customer went away, and keeps no frame', async () => {
    const { kiosk, clock, phase, lockKind } = await console();
    kiosk.enrolment.begin('박지우');
    await clock.advance(stateConfig.enrolment.abandonAfter - 1_000);
    kiosk.enrolment.touch();
    await clock.advance(stateConfig.enrolment.abandonAfter - 1_000);
    expect(phase()).toBe('age');
    await clock.advance(2_000);
    expect(phase()).toBe('form');
    expect(lockKind()).toBe('locked');
  });

  it('ends where the console is left', async () => {
    const { kiosk, clock, phase, leave } = await console();
    kiosk.enrolment.begin('박지우');
    kiosk.enrolment.isOfAge();
    kiosk.enrolment.agree('ko');
    await clock.advance(4_000);
    expect(phase()).toBe('handed-back');
    leave();
    expect(phase()).toBe('form');
  });
});
