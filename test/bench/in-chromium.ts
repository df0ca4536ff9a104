import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';

/** What a page is measured on; `close` ends it. */
interface Served {
  readonly address: string;
  close(): unknown;
}

/**
 * Opens what is served in a Chromium with a profile of its own, which is removed with the server afterwards.
 *
 * @param name of the subject, for the folder of the profile
 * @param bench what the page puts on `window` once it can be measured
 */
export async function inChromium<T>(
  name: string,
  served: Served,
  bench: string,
  measure: (page: Page, profile: string) => Promise<T>,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  const executablePath = process.env['CHROMIUM_PATH'];
  try {
    const context = await chromium.launchPersistentContext(profile, {
      args: ['--no-sandbox', '--disable-gpu'],
      ...(executablePath ? { executablePath } : {}),
    });
    try {
      const page = context.pages()[0]!;
      await open(page, served, bench);
      return await measure(page, profile);
    } finally {
      await context.close();
    }
  } finally {
    await served.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Opens the page, or opens it anew, and waits until it can be measured. */
export async function open(page: Page, { address }: Pick<Served, 'address'>, bench: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction((key) => key in window, bench);
}
