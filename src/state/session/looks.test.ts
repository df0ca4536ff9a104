import { describe, expect, it } from 'vitest';
import { FAKE_ACCESS, fakeCustomers } from '../../../test/kiosk/fake-customers.ts';
import { kioskOfFakes } from '../../../test/kiosk/kiosk-of-fakes.ts';

async function opened() {
  const { clock, engine, gallery, kiosk, run } = kioskOfFakes();
  Object.assign(gallery, { customers: fakeCustomers(gallery) });
  run();
  await clock.advance(500);
  /** Somebody stands there for so long; an axis without a person is a stranger's. */
  const stand = async (who: number | null, ms: number) => {
    engine.scene = who === null ? [] : [{ who }];
    await clock.advance(ms);
  };
  return { clock, gallery, kiosk, stand };
}

describe('the count of looks', () => {
  it('counts a greeting with its score once the visit is over, and a return at once as the same', async () => {
    const { gallery, stand } = await opened();
    await stand(0, 2_000);
    expect(gallery.looks).toEqual([]);
    await stand(null, 8_000);
    expect(gallery.looks).toEqual([{ kind: 'greeted', score: expect.closeTo(1, 5) }]);
    await stand(0, 2_000);
    await stand(null, 8_000);
    expect(gallery.looks).toHaveLength(1);
  });

  it('counts a greeting that was denied as “not me” alone', async () => {
    const { gallery, kiosk, stand } = await opened();
    await stand(0, 2_000);
    kiosk.session.touch('not-me');
    await stand(null, 20_000);
    expect(gallery.looks).toEqual([{ kind: 'not-me' }]);
  });

  it('counts a stranger, and nobody’s id or face with them', async () => {
    const { gallery, stand } = await opened();
    await stand(5, 3_000);
    await stand(null, 20_000);
    expect(gallery.looks).toEqual([{ kind: 'unknown', near: false }]);
  });

  it('counts a customer as missed who was not recognised and then opened their page by telephone', async () => {
    const { gallery, kiosk, stand } = await opened();
    await stand(5, 3_000);
    kiosk.session.touch('without-face');
    await kiosk.visit.lookUp(FAKE_ACCESS);
    expect(gallery.looks).toEqual([
      { kind: 'unknown', near: false },
      { kind: 'missed', score: expect.anything() },
    ]);
  });

  it('counts nobody as missed who came by telephone without a look', async () => {
    const { gallery, kiosk, stand } = await opened();
    await stand(5, 3_000);
    await stand(null, 20_000);
    kiosk.session.touch('without-face');
    await kiosk.visit.lookUp(FAKE_ACCESS);
    expect(gallery.looks).toEqual([{ kind: 'unknown', near: false }]);
  });
});
