import { PEOPLE } from '@rounz/core/people/limits.ts';
import { describe, expect, it } from 'vitest';
import { person, report, settle } from '../../../test/kiosk/fakes.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { Verdict } from '../engine/recogniser.ts';
import { enrolmentConfig as config } from './config.ts';
import { setUp } from './test-enrolment.ts';

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
