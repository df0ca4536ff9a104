import { describe, expect, it } from 'vitest';
import {
  type FaceSpec,
  FakeClock,
  MemoryGallery,
  person,
  readyFacts,
  report,
} from '../../test/kiosk/fakes.ts';
import { stateConfig } from './config.ts';
import { createEnrolment } from './enrolment.ts';
import type { Verdict } from './session-types.ts';

const config = stateConfig.enrolment;

function setUp(verdict: Verdict = { kind: 'nobody' }) {
  const clock = new FakeClock();
  const gallery = new MemoryGallery();
  const enrolment = createEnrolment({
    config,
    clock,
    interval: 30,
    recognise: () => verdict,
    modelHash: () => readyFacts.modelHash,
    save: (record) => gallery.enrol(record),
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
  return { clock, gallery, enrolment, phase, see };
}
const minji = { name: ' 김민지 ', consented: true };

describe('the form', () => {
  it('asks for a name and for consent before any frame is taken', () => {
    const { enrolment, phase } = setUp();
    enrolment.start({ name: '  ', consented: false });
    expect(phase()).toEqual({ kind: 'form', problems: ['name-missing', 'consent-missing'] });
    expect(enrolment.consumer.plan()).toBeNull();
  });

  it('refuses a name that does not fit', () => {
    const { enrolment, phase } = setUp();
    enrolment.start({ name: 'x'.repeat(config.maxNameLength + 1), consented: true });
    expect(phase()).toEqual({ kind: 'form', problems: ['name-too-long'] });
  });
});

describe('taking pictures', () => {
  it('takes three good frames, apart in time, and saves embeddings with consent and model', async () => {
    const { enrolment, phase, see, gallery } = setUp();
    enrolment.start(minji);
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
    const { enrolment, phase, see } = setUp();
    enrolment.start(minji);
    await see(scene, 1_000);
    expect(phase()).toMatchObject({ kind: 'capture', accepted: 0, hint });
  });

  it('keeps a hint on the screen long enough to be read', async () => {
    const { enrolment, phase, see } = setUp();
    enrolment.start(minji);
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
    const { enrolment, phase, see, gallery } = setUp();
    enrolment.start(minji);
    await see([{ who: 1 }], 600);
    expect(phase()).toMatchObject({ accepted: 2 });
    await see([{ who: 2 }], 100);
    expect(phase()).toMatchObject({ accepted: 0, hint: 'disagreeing' });
    await see([{ who: 2 }], 3 * config.spacing);
    expect(phase()).toMatchObject({ kind: 'saved' });
    for (const { embedding } of gallery.people[0]?.templates ?? []) expect(embedding[2]).toBe(1);
  });
});

describe('the end', () => {
  it('warns when the face is enrolled under another name and saves only on demand', async () => {
    const { enrolment, phase, see, gallery } = setUp({ kind: 'person', person: person(1, '이서준') });
    enrolment.start(minji);
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'duplicate', other: { name: '이서준' } });
    expect(gallery.people).toHaveLength(0);
    await enrolment.saveAnyway();
    expect(phase().kind).toBe('saved');
    expect(gallery.people).toHaveLength(1);
  });

  it('keeps the frames when saving fails, so that a retry needs no new pictures', async () => {
    const { enrolment, phase, see, gallery } = setUp();
    gallery.failure = new Error('disk full');
    enrolment.start(minji);
    await see([{ who: 1 }], 1_500);
    expect(phase()).toMatchObject({ kind: 'failed', detail: 'disk full' });
    gallery.failure = null;
    await enrolment.retry();
    expect(gallery.people[0]?.templates).toHaveLength(config.frames);
  });

  it('forgets everything on reset', async () => {
    const { enrolment, phase, see } = setUp();
    enrolment.start(minji);
    await see([{ who: 1 }], 600);
    enrolment.reset();
    expect(phase()).toEqual({ kind: 'form', problems: [] });
    enrolment.start(minji);
    expect(phase()).toMatchObject({ accepted: 0 });
  });
});
