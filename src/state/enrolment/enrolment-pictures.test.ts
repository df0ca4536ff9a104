import { describe, expect, it } from 'vitest';
import { type FaceSpec, readyFacts } from '../../../test/kiosk/fakes.ts';
import { sessionConfig } from '../session/model/config.ts';
import { enrolmentConfig as config } from './config.ts';
import { setUp } from './test-enrolment.ts';

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
    expect(plan()).toMatchObject({ embed: true, agreed: { x: 320 }, role: 'template' });
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
