import { PEOPLE } from '@rounz/core/people/limits.ts';
import { describe, expect, it } from 'vitest';
import {
  type FaceSpec,
  FakeClock,
  MemoryGallery,
  person,
  readyFacts,
  report,
  settle,
} from '../../../test/kiosk/fakes.ts';
import type { Consent } from '../../gallery/contract/person.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { Verdict } from '../engine/recogniser.ts';
import { sessionConfig } from '../session/model/config.ts';
import { createOneFace } from '../session/one-face.ts';
import { enrolmentConfig } from './config.ts';
import { createEnrolment } from './enrolment.ts';

const config = enrolmentConfig;

type Written =
  | { readonly what: 'add' | 'replace'; readonly id: string; readonly count: number }
  | { readonly what: 'alike'; readonly id: string; readonly other: string }
  | { readonly what: 'renew'; readonly id: string; readonly consent: Consent };

function setUp(verdict: Verdict = { kind: 'nobody' }) {
  const clock = new FakeClock();
  const gallery = new MemoryGallery();
  const written: Written[] = [];
  const enrolment = createEnrolment({
    config,
    clock,
    interval: 30,
    recogniser: { findDuplicate: () => verdict },
    oneFace: createOneFace(sessionConfig),
    modelHash: () => readyFacts.modelHash,
    target: {
      enrol: (record) => gallery.enrol(record),
      addTemplates: async (id, templates) => void written.push({ what: 'add', id, count: templates.length }),
      replaceTemplates: async (id, templates) =>
        void written.push({ what: 'replace', id, count: templates.length }),
      noteLookAlike: async (id, other) => void written.push({ what: 'alike', id, other }),
      renewConsent: async (id, consent) => void written.push({ what: 'renew', id, consent }),
    },
    handOver: () => {},
  });
  // Staff come back at once here; `hand-over.test.ts` lets them wait.
  enrolment.store.subscribe(({ kind }) => {
    if (kind === 'handed-back') queueMicrotask(enrolment.staffReturned);
  });
  const phase = () => enrolment.store.getState();
  /** The scene for `ms`, a frame each 100 ms. */
  const see = async (faces: readonly FaceSpec[], ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      await clock.advance(100);
      enrolment.consumer.onReport(report(faces), clock.now());
    }
    await clock.advance(0);
  };
  /** From the form to the camera. */
  const start = async (name = ' 김민지 ') => {
    enrolment.begin(name);
    enrolment.isOfAge();
    enrolment.agree('ko');
    await settle();
  };
  return { clock, gallery, enrolment, phase, see, start, written };
}

describe('enrolment, the form,', () => {
  it('says what is wrong where frames are refused for changing reasons, instead of "good" for ever', async () => {
    const { start, clock, enrolment, phase } = setUp();
    await start();
    const hints = new Set<string>();
    for (let frame = 0; frame < 100; frame++) {
      await clock.advance(100);
      const strict =
        frame % 3 === 0 ? (['tilted'] as const) : frame % 3 === 1 ? (['tilted', 'covered'] as const) : [];
      const faces = strict.length > 0 ? [{ who: 0, strict }] : [];
      enrolment.consumer.onReport(report(faces), clock.now());
      const shown = phase();
      if (shown.kind === 'capture' && shown.hint) hints.add(shown.hint);
    }
    expect(hints).toEqual(new Set(['tilted']));
  });

  it('says that it sees nobody where no frame comes at all', async () => {
    const { start, clock, phase } = setUp();
    await start();
    expect(phase()).toMatchObject({ kind: 'capture', hint: null });
    await clock.advance(config.goodAtMost + 100);
    expect(phase()).toMatchObject({ kind: 'capture', hint: 'no-face' });
  });

  it('asks for a name that fits before anything else', () => {
    const { enrolment, phase } = setUp();
    for (const blank of ['  ', '\u3164', '\u200B', '\u2800', '\uD800', '\n']) {
      enrolment.begin(blank);
      expect(phase()).toEqual({ kind: 'form', problems: ['name-missing'] });
    }
    enrolment.begin('x'.repeat(PEOPLE.name.max + 1));
    expect(phase()).toEqual({ kind: 'form', problems: ['name-too-long'] });
    expect(enrolment.consumer.plan()).toBeNull();
  });
});

describe('enrolment, the consent,', () => {
  it('comes before any frame is taken, names its end, and is kept as it was given', async () => {
    const { enrolment, phase, see, gallery, clock } = setUp();
    enrolment.begin('김민지');
    const until = new Date(Date.parse(clock.date()) + PEOPLE.retentionDays * 86_400_000).toISOString();
    expect(phase()).toEqual({ kind: 'age', name: '김민지', renewal: false });
    enrolment.isOfAge();
    expect(phase()).toEqual({ kind: 'consent', name: '김민지', until, renewal: false, guardian: false });
    expect(enrolment.consumer.plan()).toBeNull();
    const givenAt = clock.date();
    enrolment.agree('en');
    await settle();
    await see([{ who: 1 }], 1_500);
    expect(gallery.people[0]?.consent).toEqual({
      version: config.consentVersion,
      givenAt,
      language: 'en',
      expiresAt: until,
    });
  });

  it('can be refused: nothing is kept and nothing is looked at', async () => {
    const { enrolment, phase, see, gallery } = setUp();
    enrolment.begin('김민지');
    enrolment.isOfAge();
    enrolment.refuse();
    expect(phase()).toEqual({ kind: 'refused', name: '김민지', renewal: false });
    await see([{ who: 1 }], 1_500);
    expect(enrolment.consumer.plan()).toBeNull();
    expect(gallery.people).toHaveLength(0);
  });

  it('refused still leaves the way by telephone, without a template', async () => {
    const { enrolment, phase, gallery } = setUp();
    enrolment.begin('김민지');
    enrolment.isOfAge();
    enrolment.refuse();
    enrolment.byTelephone();
    gallery.failure = Object.assign(new Error('taken'), { code: 'access-taken' });
    const access = { telephone: '010-1234-5678', pin: '2468' };
    enrolment.saveTelephone(access, 'ko');
    await settle();
    expect(phase()).toMatchObject({ kind: 'telephone', problem: { code: 'access-taken' } });
    gallery.failure = null;
    enrolment.saveTelephone(access, 'ko');
    await settle();
    expect(phase()).toMatchObject({ kind: 'saved', what: 'telephone' });
    expect(gallery.people[0]).toMatchObject({ templates: [], access });
    expect(gallery.people[0]?.consent.version).not.toBe(config.consentVersion);
  });
});

describe('enrolment, somebody who is enrolled', () => {
  const minji = (over: Partial<StaffPerson> = {}): StaffPerson => ({
    ...person(1, '김민지'),
    consent: { version: config.consentVersion, givenAt: '2026-01-01T00:00:00.000Z' },
    note: '',
    telephone: null,
    currentTemplates: 3,
    oldTemplates: 0,
    visits: 0,
    lastVisit: null,
    ...over,
  });
  const seen = (who: number, name: string): Verdict => ({
    kind: 'person',
    person: person(who, name),
    certainty: 'plain',
  });

  it('gets another picture under the consent that holds', async () => {
    const { enrolment, phase, see, written } = setUp(seen(1, '김민지'));
    enrolment.beginFor('add', minji());
    expect(phase().kind).toBe('capture');
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'saved', what: 'picture-added' });
    expect(written).toEqual([{ what: 'add', id: 'id-1', count: config.frames }]);
  });

  it('is asked again where the text has changed, and re-enrolled with the new consent', async () => {
    const { enrolment, phase, see, written } = setUp(seen(1, '김민지'));
    enrolment.beginFor(
      'replace',
      minji({ consent: { version: 'old', givenAt: '2025-01-01T00:00:00.000Z' } }),
    );
    expect(phase()).toMatchObject({ kind: 'age', renewal: false });
    enrolment.isOfAge();
    enrolment.agree('ko');
    await settle();
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'saved', what: 're-enrolled' });
    expect(written.map(({ what }) => what)).toEqual(['renew', 'replace']);
  });

  it('renews the consent without a picture', async () => {
    const { enrolment, phase, written } = setUp();
    enrolment.beginFor('renew', minji());
    enrolment.isOfAge();
    enrolment.agree('ko');
    await settle();
    expect(phase()).toMatchObject({ kind: 'saved', what: 'consent-renewed' });
    expect(written).toMatchObject([{ what: 'renew', consent: { version: config.consentVersion } }]);
  });

  it('gets no picture of another enrolled person, nor of a stranger, without a question', async () => {
    const other = setUp(seen(2, '이서준'));
    other.enrolment.beginFor('add', minji());
    await other.see([{ who: 2 }], 1_500);
    expect(other.phase()).toMatchObject({ kind: 'duplicate', other: { name: '이서준' } });
    const stranger = setUp();
    stranger.enrolment.beginFor('add', minji());
    await stranger.see([{ who: 3 }], 1_500);
    expect(stranger.phase()).toMatchObject({ kind: 'unlike', name: '김민지' });
    expect(stranger.written).toEqual([]);
    await stranger.enrolment.saveAnyway();
    expect(stranger.written).toHaveLength(1);
    // Staff said of the other one that these are two people who look alike.
    await other.enrolment.saveAnyway();
    expect(other.written.map(({ what }) => what)).toEqual(['alike', 'add']);
    expect(other.written[0]).toMatchObject({ id: minji().id, other: person(2, '이서준').id });
  });

  it('whom the running model does not know yet is compared with nobody', async () => {
    const { enrolment, phase, see } = setUp();
    enrolment.beginFor('replace', minji({ currentTemplates: 0, oldTemplates: 3 }));
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'saved', what: 're-enrolled' });
  });
});

describe('enrolment, taking pictures,', () => {
  it('takes three good frames, apart in time, and saves embeddings with consent and model', async () => {
    const { phase, see, gallery, start } = setUp();
    await start();
    await see([{ who: 1 }], 2 * config.spacing);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 2 });
    await see([{ who: 1 }], 2 * config.spacing);
    expect(phase()).toMatchObject({ kind: 'saved', name: '김민지' });
    const [saved] = gallery.people;
    expect(saved?.templates).toHaveLength(config.frames);
    expect(saved?.templates[0]?.modelHash).toBe(readyFacts.modelHash);
    expect(saved?.consent.version).toBe(config.consentVersion);
    expect(Date.parse(saved?.consent.givenAt ?? '')).not.toBeNaN();
  });

  const cases = [
    ['nobody', [], 'no-face'],
    ['two people', [{ strict: ['several-faces'] }, { x: 20, width: 80 }], 'several-faces'],
    ['glasses', [{ strict: ['covered'] }], 'covered'],
    ['closed eyes', [{ strict: ['eyes-closed'] }], 'eyes-closed'],
    ['the first of several issues', [{ strict: ['too-far', 'too-dark'] }], 'too-far'],
  ] as const satisfies readonly (readonly [string, readonly FaceSpec[], string])[];
  it.each(cases)('refuses %s and says why', async (_what, scene, hint) => {
    const { phase, see, start } = setUp();
    await start();
    await see(scene, 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0, hint });
  });

  it('embeds nobody before one face alone was seen, and then that face alone', async () => {
    const { enrolment, phase, see, start } = setUp();
    await start();
    const plan = () => enrolment.consumer.plan();
    expect(plan()).toMatchObject({ embed: false });
    // Staff stand beside the customer, as near as they do.
    await see([{ x: 100 }, { x: 400, who: 2 }], 400);
    expect(phase()).toMatchObject({ accepted: 0, hint: 'several-faces' });
    expect(plan()).toMatchObject({ embed: false });
    await see([{ x: 240 }], 100);
    expect(plan()).toMatchObject({ embed: true, agreed: { x: 320 } });
    // A passer-by far behind is left out; the area is still the customer's.
    await see([{ x: 240 }, { x: 20, width: 40, who: 2 }], 100);
    expect(plan()).toMatchObject({ embed: true, agreed: { x: 320 } });
    // Somebody bends before the customer: neither of them.
    await see([{ x: 100, width: 300, who: 2 }, { x: 240 }], 100);
    expect(plan()).toMatchObject({ embed: false });
  });

  it('lets nobody step into the place of the customer at once', async () => {
    const { enrolment, see, start } = setUp();
    await start();
    await see([{ x: 240 }], 200);
    await see([{ x: 20, width: 100, who: 2 }], 800);
    expect(enrolment.consumer.plan()).toMatchObject({ agreed: { x: 320 } });
    await see([{ x: 20, width: 100, who: 2 }], sessionConfig.trackGap);
    expect(enrolment.consumer.plan()).toMatchObject({ agreed: { x: 70 } });
  });

  it('takes the staff’s word for a bare face, but only after asking for a while, and for nothing else', async () => {
    const { enrolment, phase, see, start, gallery } = setUp();
    await start();
    await see([{ strict: ['covered'] }], 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', hint: 'covered', mayConfirmBare: false });
    enrolment.confirmBare();
    await see([{ strict: ['covered'] }], 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0 });
    await see([{ strict: ['covered'] }], config.confirmBareAfter);
    expect(phase()).toMatchObject({ kind: 'capture', hint: 'covered', mayConfirmBare: true });
    enrolment.confirmBare();
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0, hint: null, mayConfirmBare: false });
    await see([{ strict: ['covered', 'too-dark'] }], 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0, hint: 'too-dark' });
    await see([{ who: 1, strict: ['covered'] }], 3 * config.spacing + config.hintHold);
    expect(phase()).toMatchObject({ kind: 'saved' });
    expect(gallery.people[0]?.templates).toHaveLength(config.frames);
    // The next person is asked again.
    enrolment.reset();
    await start('이서준');
    await see([{ who: 2, strict: ['covered'] }], 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0, hint: 'covered', mayConfirmBare: false });
  });

  it('keeps a hint on the screen long enough to be read', async () => {
    const { phase, see, start } = setUp();
    await start();
    await see([{ strict: ['blurred'] }], 400);
    await see([{ who: 1 }], 100);
    await see([{ strict: ['turned'] }], 200);
    expect(phase()).toMatchObject({ accepted: 1 });
    const { hint } = phase() as { hint: string | null };
    expect(hint === null || hint === 'blurred').toBe(true);
    await see([{ strict: ['turned'] }], config.hintHold + config.hintAfter);
    expect(phase()).toMatchObject({ hint: 'turned' });
  });

  it('starts over when a frame disagrees: it may be somebody else', async () => {
    const { phase, see, gallery, start } = setUp();
    await start();
    await see([{ who: 1 }], 600);
    expect(phase()).toMatchObject({ accepted: 2 });
    await see([{ who: 2 }], 100);
    expect(phase()).toMatchObject({ accepted: 0, hint: 'disagreeing' });
    await see([{ who: 2 }], 3 * config.spacing);
    expect(phase()).toMatchObject({ kind: 'saved' });
    for (const { embedding } of gallery.people[0]?.templates ?? []) expect(embedding[2]).toBe(1);
  });
});

describe('enrolment, at the end,', () => {
  it('asks whether a face is somebody who is enrolled; another person is saved, and both are noted as alike', async () => {
    const { enrolment, phase, see, gallery, start } = setUp({
      kind: 'person',
      person: person(1, '이서준'),
      certainty: 'plain',
    });
    await start();
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'duplicate', other: { name: '이서준' } });
    expect(gallery.people).toHaveLength(0);
    await enrolment.saveAnyway();
    expect(phase().kind).toBe('saved');
    expect(gallery.people).toMatchObject([{ lookAlikes: [person(1, '이서준').id] }]);
  });

  it('keeps the frames when saving fails, so that a retry needs no new pictures', async () => {
    const { enrolment, phase, see, gallery, start } = setUp();
    gallery.failure = new Error('disk full');
    await start();
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'failed', failure: { code: null, detail: 'disk full' } });
    gallery.failure = null;
    await enrolment.retry();
    expect(gallery.people[0]?.templates).toHaveLength(config.frames);
  });

  it('forgets everything on reset', async () => {
    const { enrolment, phase, see, start } = setUp();
    await start();
    await see([{ who: 1 }], 600);
    enrolment.reset();
    expect(phase()).toEqual({ kind: 'form', problems: [] });
    await start();
    expect(phase()).toMatchObject({ accepted: 0 });
  });
});

describe('enrolment, somebody under 14,', () => {
  it('is asked before the consent, and nothing is looked at until a guardian agreed', async () => {
    const { enrolment, phase, see, gallery } = setUp();
    enrolment.begin('김민지');
    enrolment.agree('ko');
    expect(phase().kind).toBe('age');
    enrolment.isUnderAge();
    expect(phase()).toMatchObject({ kind: 'guardian', renewal: false });
    expect(enrolment.consumer.plan()).toBeNull();
    enrolment.guardianIsHere();
    expect(phase()).toMatchObject({ kind: 'consent', guardian: true });
    enrolment.agree('ko');
    await settle();
    await see([{ who: 1 }], 1_500);
    expect(gallery.people[0]?.consent).toMatchObject({ version: config.consentVersion, by: 'guardian' });
  });

  it('can go on without a face, by the guardian’s number and with the guardian’s consent', async () => {
    const { enrolment, phase, gallery } = setUp();
    enrolment.begin('김민지');
    enrolment.isUnderAge();
    enrolment.byTelephone();
    expect(phase()).toMatchObject({ kind: 'telephone', guardian: true });
    enrolment.saveTelephone({ telephone: '010-1234-5678', pin: '2468' }, 'ko');
    await settle();
    expect(gallery.people[0]).toMatchObject({ templates: [], consent: { by: 'guardian' } });
  });

  it('leaves nothing behind for the next one', () => {
    const { enrolment, phase } = setUp();
    enrolment.begin('김민지');
    enrolment.isUnderAge();
    enrolment.reset();
    enrolment.begin('이서준');
    enrolment.isOfAge();
    expect(phase()).toMatchObject({ kind: 'consent', guardian: false });
  });
});
