import { drawHead, flattened, type SpacePoint, viewOf } from '@rounz/core/liveness/test-head.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { radians } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { FAKE_ACCESS, FAKE_STAFF_PIN, fakeCustomers } from '../../test/kiosk/fake-customers.ts';
import { kioskOfFakes } from '../../test/kiosk/kiosk-of-fakes.ts';
import type { CustomerPage, Proof } from '../gallery/contract/customers.ts';
import { stateConfig } from './config.ts';

/** What somebody agreed to before. */
const OLD = {
  version: 'an older text',
  givenAt: '2026-03-02T02:00:00.000Z',
  expiresAt: '2027-03-02T02:00:00.000Z',
} as const;

async function opened(over: Partial<CustomerPage> = {}) {
  const { clock, engine, gallery, kiosk, phase, run } = kioskOfFakes();
  const customers = fakeCustomers(gallery, over);
  Object.assign(gallery, { customers });
  run();
  await clock.advance(500);
  const greet = async () => {
    engine.scene = [{ who: 0 }];
    await clock.advance(1_500);
    kiosk.session.touch('open-page');
  };
  /** Asks for the act and confirms it; the face is looked at meanwhile. */
  const confirm = async (act: 'forget' | 'renew', proof: Proof, language = 'ko', looking = 1_500) => {
    kiosk.session.touch(act);
    const confirming = kiosk.visit.confirm(proof, language);
    await clock.advance(looking);
    await confirming;
  };
  return { clock, engine, gallery, customers, kiosk, phase, greet, confirm };
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

  const own = { kind: 'own-pin', pin: FAKE_ACCESS.pin } as const;

  it('forgets the person at once: the kiosk does not know them any more', async () => {
    const { clock, engine, phase, greet, confirm } = await opened();
    await greet();
    await confirm('forget', own);
    expect(phase()).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    engine.scene = [];
    await clock.advance(6_000);
    engine.scene = [{ who: 0 }];
    await clock.advance(3_000);
    expect(phase()).toMatchObject({ kind: 'unknown', reason: 'no-match' });
  });

  it('erases nobody by a face alone: a wrong PIN changes nothing, and staff may confirm', async () => {
    const { gallery, kiosk, phase, greet, confirm } = await opened();
    await greet();
    kiosk.session.touch('forget');
    expect(phase()).toMatchObject({ kind: 'confirm', act: 'forget', status: { kind: 'typing' } });
    await confirm('forget', { ...own, pin: '1357' });
    expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'wrong' } });
    await confirm('forget', { kind: 'staff-pin', pin: FAKE_ACCESS.pin });
    expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'wrong' } });
    expect(gallery.people).toHaveLength(2);
    await confirm('forget', { kind: 'staff-pin', pin: FAKE_STAFF_PIN });
    expect(phase()).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    expect(gallery.people).toHaveLength(1);
  });

  it('looks again before it acts, and acts for nobody else, whatever PIN they have', async () => {
    const { clock, engine, gallery, phase, greet, confirm } = await opened();
    await greet();
    // In the same place: to the session's eye it is the same face.
    for (const [scene, status] of [
      [[{ who: 3 }], 'other'],
      [[{ who: 1 }], 'other'],
      [[{ who: 0, issues: ['too-dark'] }], 'unseen'],
    ] as const) {
      engine.scene = scene;
      await confirm('forget', own, 'ko', 10_500);
      expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: status } });
      expect(gallery.people).toHaveLength(2);
      engine.scene = [];
      await clock.advance(6_000);
      await greet();
    }
    await confirm('forget', own);
    expect(gallery.people).toHaveLength(1);
  });

  it('acts not when its owner walks away while it looks again', async () => {
    const { engine, gallery, phase, greet, confirm } = await opened();
    await greet();
    engine.scene = [];
    await confirm('forget', own, 'ko', 10_500);
    expect(phase().kind).toBe('attract');
    expect(gallery.people).toHaveLength(2);
  });

  it('makes no embedding on a page that was opened by telephone', async () => {
    const { engine, kiosk, phase, confirm } = await opened();
    engine.scene = [];
    kiosk.session.touch('without-face');
    await kiosk.visit.lookUp(FAKE_ACCESS);
    engine.asked.length = 0;
    await confirm('forget', own);
    expect(phase()).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    expect(engine.asked).not.toContain(true);
  });

  it('acts for nobody who has gone back or away meanwhile', async () => {
    const { clock, gallery, kiosk, greet, phase } = await opened();
    await greet();
    kiosk.session.touch('forget');
    const confirming = kiosk.visit.confirm(own, 'ko');
    kiosk.session.touch('done');
    await clock.advance(1_500);
    await confirming;
    expect(phase().kind).toBe('page');
    expect(gallery.people).toHaveLength(2);
  });

  it('keeps a consent that was renewed on the page: today’s text, in the language it was read in', async () => {
    const { clock, phase, greet, confirm } = await opened();
    await greet();
    await confirm('renew', own, 'en');
    const { consentVersion: version } = stateConfig.enrolment;
    expect(phase()).toMatchObject({
      kind: 'page',
      page: { consent: { version, language: 'en' } },
    });
    expect(clock.date().slice(0, 10)).toBe('2026-11-24');
  });

  it('says so when the gallery refuses, and changes nothing', async () => {
    const { kiosk, customers, phase, greet, confirm } = await opened();
    await greet();
    const full = () => Promise.reject(new Error('the disk is full'));
    Object.assign(customers, { withdraw: full, renewConsent: full });
    for (const act of ['forget', 'renew'] as const) {
      await confirm(act, own);
      expect(phase()).toMatchObject({ kind: 'confirm', act, status: { kind: 'failed' } });
      expect(kiosk.health.store.getState().errors.at(-1)?.message).toBe('the disk is full');
      kiosk.session.touch('done');
      expect(phase().kind).toBe('page');
    }
  });

  it('goes on without a catalogue and tells staff', async () => {
    const { kiosk } = await opened();
    expect(kiosk.catalogue.store.getState().kind).toBe('failed');
    expect(kiosk.health.store.getState().errors[0]?.message).toContain('catalogue.json');
  });

  describe('that is confirmed by a turn of the head', () => {
    const head = drawHead(createRng(6));
    type Opened = Awaited<ReturnType<typeof opened>>;
    /** Somebody before the camera who follows the screen; what is flat turns too, and stays flat. */
    async function turning(
      points: readonly SpacePoint[],
      who: (kiosk: Opened) => number = () => 0,
      act: 'forget' | 'renew' = 'forget',
      prepare: (kiosk: Opened) => void = () => {},
    ) {
      const kiosk = await opened({ hasPin: false, consent: OLD });
      prepare(kiosk);
      const rng = createRng(8);
      const places = { left: [28, 0], right: [-28, 0], up: [0, 16], down: [0, -16] } as const;
      const ahead: readonly [number, number] = [0, 0];
      let [x, y] = ahead;
      // Nobody answers the screen at once.
      const reaction = 250;
      let [goal, next, seenAt] = [ahead, ahead, 0];
      const nearer = (from: number, to: number) => from + Math.max(-1.5, Math.min(1.5, to - from));
      await kiosk.greet();
      Object.defineProperty(kiosk.engine, 'scene', {
        get: () => {
          const phase = kiosk.phase();
          const view = phase.kind === 'confirm' && phase.status.kind === 'turning' ? phase.status.view : null;
          const asked = view?.kind === 'turn' ? places[view.way] : ahead;
          if (asked !== next) [next, seenAt] = [asked, kiosk.clock.now()];
          if (kiosk.clock.now() - seenAt >= reaction) goal = next;
          [x, y] = [nearer(x, goal[0]), nearer(y, goal[1])];
          const [yaw, pitch] = [radians((x * Math.PI) / 180), radians((y * Math.PI) / 180)];
          const pose = { yaw, pitch, roll: radians(0) };
          return [{ who: who(kiosk), landmarks: viewOf(points, { yaw, pitch }, rng), quality: { pose } }];
        },
      });
      kiosk.kiosk.session.touch(act);
      const confirming = kiosk.kiosk.visit.confirmByTurn('ko');
      await kiosk.clock.advance(25_000);
      await confirming;
      return kiosk;
    }

    it('erases the person whose head followed the screen', async () => {
      const { gallery, phase } = await turning(head);
      expect(phase()).not.toMatchObject({ kind: 'confirm' });
      expect(gallery.people.map(({ id }) => id)).not.toContain('id-0');
    });

    it('erases nobody for a picture, and asks for the PIN', async () => {
      const { gallery, phase } = await turning(flattened(head));
      expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'unturned' } });
      expect(gallery.people.map(({ id }) => id)).toContain('id-0');
    });

    it('erases nobody where another person turned', async () => {
      let frames = 0;
      const { gallery } = await turning(head, () => (frames++ < 4 ? 0 : 1));
      expect(gallery.people.map(({ id }) => id)).toContain('id-0');
    });

    it('renews the consent of the person whose head followed the screen, and of no picture', async () => {
      const done = await turning(head, undefined, 'renew');
      const { consentVersion: version } = stateConfig.enrolment;
      expect((await done.customers.page('id-0')).consent.version).toBe(version);
      const picture = await turning(flattened(head), undefined, 'renew');
      expect(picture.phase()).toMatchObject({ kind: 'confirm', status: { kind: 'unturned' } });
      expect((await picture.customers.page('id-0')).consent).toEqual(OLD);
    });

    it.each(['forget', 'renew'] as const)(
      'looks again after the turn: %s is done for nobody else',
      async (act) => {
        const stepsIn = ({ phase }: Opened) => {
          const now = phase();
          return now.kind === 'confirm' && now.status.kind === 'checking' && passed ? 1 : 0;
        };
        // The first `checking` is the question whether a turn may be asked for.
        let passed = false;
        const { customers, gallery, phase } = await turning(
          head,
          (kiosk) => {
            const now = kiosk.phase();
            passed ||=
              now.kind === 'confirm' && now.status.kind === 'turning' && now.status.view.kind === 'back';
            return stepsIn(kiosk);
          },
          act,
        );
        expect(passed).toBe(true);
        expect(phase()).toMatchObject({ kind: 'confirm', act, status: { kind: 'other' } });
        expect(gallery.people.map(({ id }) => id)).toContain('id-0');
        expect((await customers.page('id-0')).consent).toEqual(OLD);
      },
    );

    it('is counted before it begins, and noted where it was not met', async () => {
      const calls: string[] = [];
      const counted = ({ customers }: Opened) =>
        Object.assign(customers, {
          beginTurn: async (id: string) => {
            calls.push(`begin ${id}`);
            return null;
          },
          turnFailed: async (id: string) => void calls.push(`failed ${id}`),
        });
      await turning(flattened(head), undefined, 'forget', counted);
      expect(calls).toEqual(['begin id-0', 'failed id-0']);
    });

    it('is not asked for while whoever failed too often has to wait', async () => {
      const retryAt = 1_764_000_000_000;
      const { gallery, phase } = await turning(head, undefined, 'forget', ({ customers }) =>
        Object.assign(customers, { beginTurn: async () => ({ kind: 'wait', retryAt }) }),
      );
      expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'wait', retryAt } });
      expect(gallery.people).toHaveLength(2);
    });

    it('is not taken from somebody who has a PIN', async () => {
      const { kiosk, phase, greet } = await opened();
      await greet();
      kiosk.session.touch('forget');
      await kiosk.visit.confirmByTurn('ko');
      expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'typing' } });
    });

    it('is not asked for on a page that was opened by telephone', async () => {
      const { kiosk, phase } = await opened({ hasPin: false });
      kiosk.session.touch('without-face');
      await kiosk.visit.lookUp(FAKE_ACCESS);
      kiosk.session.touch('forget');
      await kiosk.visit.confirmByTurn('ko');
      expect(phase()).toMatchObject({ kind: 'confirm', status: { kind: 'typing' } });
    });
  });
});
