import { expect, type Page } from '@playwright/test';
import type { Versions } from '../../src/sw/release.ts';

/** The service worker's notes, as it keeps them. */
export const versions = (page: Page): Promise<Versions | null> =>
  page
    .evaluate(async () => {
      const note = await (await caches.open('rounz-versions-1')).match('/.kiosk/versions');
      return note ? ((await note.json()) as Versions) : null;
    })
    .catch(() => null);

/** Waits until the service worker has come to these notes: the kiosk is kept, models included, and runs from there. */
export const settled = (page: Page, wanted: Partial<Versions>, timeout = 120_000) =>
  expect.poll(() => versions(page), { timeout, intervals: [500] }).toMatchObject(wanted);
