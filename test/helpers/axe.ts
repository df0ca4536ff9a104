import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type Axe from 'axe-core';

declare global {
  interface Window {
    readonly axe?: typeof Axe;
  }
}

/** Rules of WCAG 2.0 to 2.2, A and AA. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds in a page of one frame. Axe is read by the page once, not once for each question, and computes nothing but what is
 * wrong.
 *
 * @param only `rule`: of these names; `tag`: with one of these tags. Absent: all of WCAG, and axe's own best practices
 * @returns a rule and the beginning of an element's HTML each
 */
export async function violations(
  page: Page,
  only: Axe.RunOnly = { type: 'tag', values: [...WCAG, 'best-practice'] },
): Promise<string[]> {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(source);
  return page.evaluate(async (runOnly) => {
    const options = { runOnly, resultTypes: ['violations' as const], selectors: false, preload: false };
    const { violations } = await window.axe!.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, only);
}
