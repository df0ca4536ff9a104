import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { expectPhase } from '../helpers/kiosk.ts';
import { TESTED_MODEL } from '../helpers/models.ts';
import { descendants } from '../helpers/processes.ts';
import { noteTime, shoot } from './serves.ts';
import { WATCHED_FLAGS } from './watched-flags.ts';

/** The watcher of `watchdog/linux` with a real Chromium. This test does what systemd does: it starts the script again. */

const SCRIPT = join(import.meta.dirname, '../../watchdog/linux/rounz-screen');
class Watched {
  readonly said: string[] = [];
  readonly #profile = mkdtempSync(join(tmpdir(), 'watched-'));
  readonly #process: ChildProcess;
  /** addresses of the browsers' debugging ports, the newest last */
  readonly #browsers: string[] = [];

  constructor(address: string, staleAfter: number) {
    this.#process = spawn('bash', ['-c', 'while true; do "$0"; sleep 2; done', SCRIPT], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ROUNZ_BROWSER: process.env['CHROMIUM_PATH'] ?? chromium.executablePath(),
        ROUNZ_ADDRESS: address,
        ROUNZ_PROFILE: this.#profile,
        ROUNZ_FLAGS: WATCHED_FLAGS.join(' '),
        ROUNZ_STALE_AFTER: String(staleAfter),
        ROUNZ_LOOK_EVERY: '1',
      },
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', (chunk: Buffer) => {
        const text = String(chunk);
        if (text.includes('rounz-screen:')) this.said.push(text.trim());
        const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
        if (found) this.#browsers.push(found);
      });
  }

  /** The page of the n-th browser, from 1. */
  async page(n: number): Promise<Page> {
    await expect
      .poll(() => this.#browsers.length, { timeout: 240_000, message: this.said.join('\n') })
      .toBeGreaterThanOrEqual(n);
    const browser = await chromium.connectOverCDP(this.#browsers[n - 1]!);
    await expect.poll(() => browser.contexts()[0]?.pages().length ?? 0).toBeGreaterThan(0);
    return browser.contexts()[0]!.pages()[0]!;
  }

  /** Sends a signal to every process that draws the page. */
  signalPage(signal: 'KILL' | 'STOP'): number {
    const ids = descendants(this.#process.pid!)
      .filter(({ line }) => line.includes('--type=renderer'))
      .filter(({ line }) => !line.includes('--top-chrome-webui') && !line.includes('--extension-process'))
      .map(({ id }) => id);
    for (const id of ids) process.kill(id, `SIG${signal}`);
    return ids.length;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    // The browser has a session of its own, which the script ends when it is told to stop.
    process.kill(-this.#process.pid!, 'SIGTERM');
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
}

for (const { name, signal, staleAfter } of [
  { name: 'renderer killed', signal: 'KILL', staleAfter: 600 },
  { name: 'renderer frozen', signal: 'STOP', staleAfter: 150 },
] as const)
  test(`watchdog: ${name}; the attract screen returns by itself`, async ({ baseURL }) => {
    test.setTimeout(900_000);
    test.skip(process.platform !== 'linux', 'The script is for Linux.');
    const watched = new Watched(`${baseURL}?model=${TESTED_MODEL.name}`, staleAfter);
    try {
      await expectPhase(await watched.page(1), /attract|looking|unknown/);
      const from = performance.now();
      expect(watched.signalPage(signal)).toBeGreaterThan(0);
      const page = await watched.page(2);
      await expectPhase(page, /attract|looking|unknown/);
      noteTime(name, performance.now() - from);
      await shoot(page, `${name}, after`);
      expect(watched.said.join('\n')).toContain('is started again');
    } finally {
      await watched.stop();
    }
  });
