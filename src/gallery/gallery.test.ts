import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it } from 'vitest';
import { gallery, name, reopen, who, withGallery } from './test-gallery.ts';
import { AT, embedding, MODEL, newPerson, running, template } from './test-people.ts';

const PIN = '493817';

withGallery();

describe('a person of several pictures', () => {
  const unitOf = (values: Float32Array): Float32Array => {
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const cosine = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  /** The unit vector of a sum, recomputed here. */
  const sumOf = (...parts: readonly Float32Array[]): Float32Array =>
    unitOf(parts[0]!.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0)));
  const scoreOf = (probe: Float32Array): number => {
    const decision = gallery.matcher.identify({ embedding: probe, modelHash: MODEL });
    return decision.kind === 'known' ? decision.score : decision.nearest!.score;
  };
  /** Any two are nearly orthogonal, as pictures of one person never are: the sum and the better of the two lie far apart. */
  const [one, two] = [embedding(31), embedding(32)];
  const person = {
    ...newPerson('anna', 31),
    templates: [
      { ...template(31), embedding: one },
      { ...template(32), embedding: two },
    ],
  };

  it('is searched by their sum, never by the better one', async () => {
    const { id } = await gallery.enrol(person);
    const sum = sumOf(one, two);
    expect(scoreOf(sum)).toBeCloseTo(1, 3);
    expect(scoreOf(one)).toBeCloseTo(cosine(one, sum), 3);
    expect(scoreOf(one)).toBeLessThan(0.8);
    // Whether they are enrolled already is asked of the same template.
    expect(gallery.matcher.alreadyEnrolled({ embedding: sum, modelHash: MODEL })).toMatchObject({
      personId: id,
      score: expect.closeTo(1, 3),
    });
    expect(gallery.matcher.alreadyEnrolled({ embedding: two, modelHash: MODEL })!.score).toBeCloseTo(
      cosine(two, sum),
      3,
    );
  });

  it('keeps what each picture gave through further ones, a restart, new keys and a restored backup', async () => {
    const { id } = await gallery.enrol(person);
    await gallery.staff.addTemplates(id, [{ ...template(33), embedding: embedding(33) }]);
    const sum = sumOf(one, two, embedding(33));
    // New keys give a new id.
    const anna = async (): Promise<string> => (await gallery.load()).people[0]!.id;
    const expectSum = async (): Promise<void> => {
      await gallery.matcher.setModel(running);
      expect(scoreOf(sum)).toBeCloseTo(1, 3);
      expect(scoreOf(one)).toBeCloseTo(cosine(one, sum), 3);
      expect((await gallery.staff.person(await anna())).currentTemplates).toBe(3);
    };
    await expectSum();
    await reopen();
    await expectSum();
    await gallery.staff.rekey();
    await expectSum();
    const file = await gallery.staff.backup('correct horse battery');
    await gallery.staff.replaceTemplates(await anna(), [template(40)]);
    expect(scoreOf(sum)).toBeLessThan(0.3);
    await gallery.staff.restore(file, 'correct horse battery', 'replace');
    await expectSum();
  });

  it('is refused where their pictures cancel each other out, at the enrolment and later', async () => {
    const opposite = { ...template(31), embedding: one.map((value) => -value) };
    const contradicting = { ...person, templates: [person.templates[0]!, opposite] };
    const refused = { code: 'invalid-person' };
    await expect(gallery.enrol(contradicting)).rejects.toMatchObject(refused);
    const { id } = await gallery.enrol({ ...person, templates: [person.templates[0]!] });
    await expect(gallery.staff.addTemplates(id, [opposite])).rejects.toMatchObject(refused);
    expect(scoreOf(one)).toBeCloseTo(1, 3);
  });
});

describe('strictness', () => {
  it('is remembered and says what it means for this gallery', async () => {
    await gallery.enrol(newPerson('anna', 1));
    const thresholds = gallery.staff.strictnessChoices().map(({ threshold }) => threshold!);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
    expect(gallery.staff.strictnessChoices()[1]).toMatchObject({
      strictness: 'normal',
      oneStrangerIn: 100,
      gallerySize: 1,
    });
    await gallery.staff.setStrictness('strict');
    await reopen();
    expect(gallery.staff.strictness()).toBe('strict');
  });
});

describe('the customers’ side', () => {
  const access = { telephone: '010 1234 5678', pin: '2468' };

  it('opens a page by telephone and PIN, as well without a face', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), templates: [], access });
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    await gallery.customers.visited(id, 'telephone');
    await gallery.customers.saveFrame(id, 'frame-1');
    await gallery.customers.saveFrame(id, 'frame-2');
    await gallery.customers.removeFrame(id, 'frame-1');
    const found = await gallery.customers.lookUp({ telephone: '01012345678', pin: '2468' });
    expect(found).toMatchObject({
      kind: 'found',
      page: { id, visits: 1, savedFrames: ['frame-2'], hasFace: false },
    });
    expect(JSON.stringify(found)).not.toMatch(/1234[ -]?5678/);
    expect(await gallery.customers.lookUp({ ...access, pin: '1357' })).toMatchObject({ kind: 'wrong' });
    expect(await gallery.customers.lookUp({ ...access, telephone: '010 9999 9999' })).toMatchObject({
      kind: 'wrong',
    });
  });

  it('notes a face that the passive check did not believe, and counts no visit', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.customers.doubted(id, 'picture', 'asked');
    expect((await gallery.customers.page(id)).visits).toBe(0);
    const { entries } = await gallery.staff.log(100);
    expect(entries.at(-1)).toMatchObject({
      actor: 'kiosk',
      action: 'face-doubted',
      person: id,
      detail: 'picture, asked',
    });
  });

  it('makes whoever guesses wait, also after a reload', async () => {
    await gallery.enrol({ ...newPerson('anna', 1), access });
    for (let i = 0; i < 5; i++) await gallery.customers.lookUp({ ...access, pin: '0001' });
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wait' });
    await reopen();
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wait' });
  });

  it('gives one number to one person, keeps it from the shopper’s side and lets staff read it', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    await expect(gallery.enrol({ ...newPerson('b', 2), access })).rejects.toMatchObject({
      code: 'access-taken',
    });
    expect((await gallery.staff.person(id)).telephone).toBe('010 1234 5678');
    await gallery.staff.setAccess(id, null);
    expect((await gallery.staff.person(id)).telephone).toBeNull();
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wrong' });
  });

  it('renews a consent while the console is locked: it holds to its new end, and the log says whose hand it was', async () => {
    const enrolled = await gallery.enrol({ ...newPerson('김민지', 1), access });
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    const givenAt = new Date(Date.now() + 100 * 86_400_000).toISOString();
    const renewed = await gallery.customers.renewConsent(
      enrolled.id,
      { version: '9', givenAt, language: 'ko' },
      { kind: 'own-pin', pin: access.pin },
    );
    if (renewed.kind !== 'done') throw new Error('The own PIN was refused.');
    const { consent } = renewed.page;
    expect(consent).toMatchObject({ version: '9', language: 'ko', givenAt });
    expect(Date.parse(consent.expiresAt!)).toBeGreaterThan(Date.parse(enrolled.consent.expiresAt!));
    expect((await gallery.customers.page(enrolled.id)).consent).toEqual(consent);
    await gallery.lock.unlock(PIN);
    const { entries } = await gallery.staff.log(100);
    expect(entries.find(({ action }) => action === 'consent-renewed')).toMatchObject({ actor: 'person' });
  });

  it('erases and renews by no face alone: it takes the own PIN or that of staff, and the log says which', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    const { id: faceOnly } = await gallery.enrol(newPerson('bora', 2));
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    const { customers } = gallery;
    const consent = { version: '9', givenAt: AT };
    const wrong = [
      { kind: 'own-pin', pin: '1357' },
      { kind: 'own-pin', pin: '' },
      { kind: 'staff-pin', pin: access.pin },
    ] as const;
    for (const proof of wrong) {
      expect(await customers.withdraw(id, proof)).toMatchObject({ kind: 'wrong' });
      expect(await customers.renewConsent(id, consent, proof)).toMatchObject({ kind: 'wrong' });
    }
    expect(await customers.withdraw(faceOnly, { kind: 'own-pin', pin: access.pin })).toMatchObject({
      kind: 'wrong',
    });
    expect((await customers.page(id)).consent.version).toBe('1');
    expect((await gallery.load()).people).toHaveLength(2);
    // Two wrong PINs of staff: the console's own count.
    expect(gallery.lock.state()).toMatchObject({ kind: 'locked', failures: 2 });
    expect(await customers.withdraw(faceOnly, { kind: 'staff-pin', pin: PIN })).toEqual({ kind: 'done' });
    expect(await customers.withdraw(id, { kind: 'own-pin', pin: access.pin })).toEqual({ kind: 'done' });
    expect(gallery.lock.state().kind).toBe('locked');
    await gallery.lock.unlock(PIN);
    const { entries } = await gallery.staff.log(100);
    const withdrawn = entries.filter(({ action }) => action === 'withdrawn');
    expect(withdrawn).toMatchObject([
      { actor: 'person', person: faceOnly, by: 'main', detail: 'confirmed by staff' },
      { actor: 'person', person: id, by: null, detail: 'own PIN' },
    ]);
  });

  it('takes a turned head from whoever has no PIN, and from nobody who has one', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    const { id: faceOnly } = await gallery.enrol(newPerson('bo', 2));
    const turned = { kind: 'head-turned' } as const;
    expect(await gallery.customers.withdraw(id, turned)).toEqual({ kind: 'wrong', retryAt: null });
    expect(await gallery.customers.withdraw(faceOnly, turned)).toEqual({ kind: 'done' });
    expect((await gallery.load()).people.map((person) => person.id)).toEqual([id]);
  });

  it('makes whoever fails at turning the head wait for an hour, also after a restart, and one who did it not', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const { id: other } = await gallery.enrol(newPerson('bo', 2));
    for (let i = 0; i < 3; i++) {
      expect(await gallery.customers.beginTurn(id)).toBeNull();
      await gallery.customers.turnFailed(id);
    }
    expect(await gallery.customers.beginTurn(id)).toMatchObject({ kind: 'wait' });
    await reopen();
    expect(await gallery.customers.beginTurn(id)).toMatchObject({ kind: 'wait' });
    for (let i = 0; i < 4; i++) {
      expect(await gallery.customers.beginTurn(other)).toBeNull();
      const renewed = await gallery.customers.renewConsent(
        other,
        { version: '2', givenAt: AT },
        { kind: 'head-turned' },
      );
      expect(renewed.kind).toBe('done');
    }
    const { entries } = await gallery.staff.log(40);
    const failed = entries.filter(({ action }) => action === 'confirm-failed');
    expect(failed.map(({ person }) => person)).toEqual([id, id, id]);
  });

  it('makes whoever guesses a PIN to erase somebody wait, as at the look-up', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    for (let i = 0; i < 5; i++) await gallery.customers.withdraw(id, { kind: 'own-pin', pin: '0001' });
    const right = { kind: 'own-pin', pin: access.pin } as const;
    expect(await gallery.customers.withdraw(id, right)).toMatchObject({ kind: 'wait' });
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wait' });
    expect((await gallery.load()).people).toHaveLength(1);
  });

  it('withdraws by itself while the console is locked', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    expect(await gallery.customers.withdraw(id, { kind: 'own-pin', pin: access.pin })).toEqual({
      kind: 'done',
    });
    expect((await gallery.load()).people).toEqual([]);
    await expect(gallery.customers.page(id)).rejects.toMatchObject({ code: 'unknown-person' });
  });
});

describe('migration', () => {
  it('moves the people of a stored version 1 database, and reports a damaged one', async () => {
    const { storeVersion1 } = await import('./test-version-1.ts');
    const old = `${name}-old`;
    const stored = await storeVersion1(old);
    await reopen(old);
    await gallery.matcher.setModel(running);
    const { people, damaged } = await gallery.load();
    expect(people.map((person) => person.name)).toEqual(['김하늘']);
    expect(people[0]).toMatchObject({ id: stored.good, consent: { version: '1', givenAt: AT } });
    expect(who(1)).toBe(stored.good);
    expect(damaged.map(({ id }) => id)).toEqual([stored.bad]);
    await reopen();
    expect((await gallery.load()).people).toHaveLength(1);
    expect((await gallery.load()).damaged).toHaveLength(1);
    const raw = await new Dexie(name).open();
    expect(await raw.table('people').toCollection().primaryKeys()).toEqual([stored.bad]);
    raw.close();
    await gallery.discardDamaged(stored.bad);
    expect((await gallery.load()).damaged).toEqual([]);
    expect(embedding(1)).toHaveLength(512);
  });
});
