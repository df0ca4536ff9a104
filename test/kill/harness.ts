import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveEngine } from '../helpers/engine-page.ts';
import { KillableBrowser } from './browser.ts';
import type { Found, Work } from './driver-page.ts';

const WORKS: readonly Work[] = ['enrol', 'import', 'rekey', 'undo'];
/** A kill comes at most so long after the first change was begun, milliseconds: a few changes take that long. */
const LATEST = 900;

/** What was told before the browser died. */
interface Told {
  /** confirmed to the caller, in order */
  readonly confirmed: string[];
  /** begun and not confirmed, at most one */
  pending: string | null;
}

export interface KillReport {
  /** moments at which it was killed, by what was under way */
  readonly moments: Readonly<Record<Work, number>>;
  /** of them, those in the middle of a change */
  readonly interrupted: number;
  readonly confirmed: number;
  /** what was found wrong, in words; empty: nothing */
  readonly problems: readonly string[];
}

async function load(browser: KillableBrowser, address: string): Promise<void> {
  await browser.page.goto(address);
  await browser.page.waitForFunction(() => 'driver' in window);
}

/** Kills the browser at random moments of enrolment, import, re-key, removal and undoing, and looks each time at what is left. */
export async function killAt(
  moments: number,
  say: (line: string) => void,
  random: () => number = Math.random,
): Promise<KillReport> {
  const served = await serveEngine(join(import.meta.dirname, 'driver-page.ts'));
  const profile = mkdtempSync(join(tmpdir(), 'kill-'));
  const report = { moments: { enrol: 0, import: 0, rekey: 0, undo: 0 }, interrupted: 0, confirmed: 0 };
  const problems: string[] = [];
  const people: string[] = [];
  let set = 'a';
  let next = 1000;
  let browser = await KillableBrowser.start(profile);
  try {
    await load(browser, served.address);
    await browser.page.evaluate(() => window.driver.prepare());
    const expected = await browser.page.evaluate(() => window.driver.expected());
    for (let moment = 0; moment < moments; moment++) {
      const work = WORKS[moment % WORKS.length]!;
      const told = await workUntilKilled(browser, work, next, random() * LATEST);
      next += 1000;
      report.moments[work] += 1;
      report.confirmed += told.confirmed.length;
      if (told.pending) report.interrupted += 1;
      browser = await KillableBrowser.start(profile);
      await load(browser, served.address);
      const found = await browser.page.evaluate((of) => window.driver.look(of), work);
      if (work === 'enrol') people.push(...told.confirmed);
      const allowed = allowedAfter(work, told, { ...expected, people, set });
      const wrong = complaints(found, allowed);
      if (work === 'enrol' && told.pending && found.people.includes(told.pending)) people.push(told.pending);
      if (work === 'import') set = found.people.length === expected.a.length ? 'a' : 'b';
      problems.push(...wrong.map((one) => `moment ${moment + 1} (${work}): ${one}`));
      say(
        `${moment + 1}/${moments} ${work}: ${told.confirmed.length} confirmed, ` +
          `${told.pending ? `killed in ${told.pending}` : 'killed between two'}; ${wrong.join('; ') || 'whole'}`,
      );
    }
  } finally {
    await browser.kill();
    await served.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return { ...report, problems };
}

async function workUntilKilled(
  browser: KillableBrowser,
  work: Work,
  next: number,
  after: number,
): Promise<Told> {
  const told: Told = { confirmed: [], pending: null };
  let begun = () => {};
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  await browser.page.exposeFunction('tell', (event: string, what: string) => {
    if (event === 'begun') {
      told.pending = what;
      begun();
    } else {
      told.confirmed.push(what);
      told.pending = null;
    }
  });
  // It never ends by itself: the browser is killed under it.
  browser.page.evaluate(([of, from]) => window.driver.run(of, from), [work, next] as const).catch(() => {});
  await first;
  await new Promise((resolve) => setTimeout(resolve, after));
  await browser.kill();
  return told;
}

interface Known {
  readonly base: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** enrolled and confirmed so far */
  readonly people: readonly string[];
  /** the backup that was in before */
  readonly set: string;
}

/** Each whole state that may be found: that of the last confirmed change, or of the one that was under way. */
function allowedAfter(
  work: Work,
  { confirmed, pending }: Told,
  known: Known,
): readonly (readonly string[])[] {
  switch (work) {
    case 'enrol': {
      const sure = [...known.base, ...known.people];
      return pending ? [sure, [...sure, pending]] : [sure];
    }
    case 'rekey':
    // Whom staff removed is brought back before it is looked at: nobody may be lost, nor be there twice.
    case 'undo':
      return [known.base];
    case 'import': {
      const last = confirmed.at(-1) ?? known.set;
      const sets: Readonly<Record<string, readonly string[]>> = { a: known.a, b: known.b };
      return pending ? [sets[last]!, sets[pending]!] : [sets[last]!];
    }
    default:
      return work satisfies never;
  }
}

function complaints(found: Found, allowed: readonly (readonly string[])[]): readonly string[] {
  const wrong: string[] = [];
  const same = (names: readonly string[]) => [...names].sort().join() === found.people.join();
  if (!allowed.some(same)) {
    const missing = allowed[0]!.filter((name) => !found.people.includes(name));
    wrong.push(`${found.people.length} people are neither state; missing: ${missing.join(', ') || 'nobody'}`);
  }
  const unknown = found.people.filter((name) => !found.known.includes(name));
  if (unknown.length > 0) wrong.push(`not known by their face: ${unknown.join(', ')}`);
  if (found.damaged > 0) wrong.push(`${found.damaged} damaged records`);
  if (found.log !== 'intact') wrong.push(`the log: ${found.log}`);
  return wrong;
}
