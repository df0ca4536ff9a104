import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { expectPhase } from '../helpers/kiosk.ts';
import { TESTED_MODEL } from '../helpers/models.ts';
import { descendants } from '../helpers/processes.ts';
import { noteTime } from './serves.ts';
import { WATCHED_FLAGS } from './watched-flags.ts';

/**
 * The unit `rounz-screen.service` under a real systemd: a manager of the user's units, in a mount namespace whose /run says that
 * the computer was started by systemd, so that it runs in a container, too. For root alone, who may make one.
 */

const ROOT = join(import.meta.dirname, '../..');
const SYSTEMD = '/lib/systemd/systemd';
const MANAGER = `
  mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR" || exit 1
  exec ${SYSTEMD} --user --unit=rounz-screen.service
`;

class Managed {
  readonly #folder = mkdtempSync(join(tmpdir(), 'managed-'));
  readonly #profile = join(this.#folder, 'profile');
  readonly #manager: ChildProcess;
  readonly #log = join(this.#folder, 'script.log');

  constructor(address: string) {
    const units = join(this.#folder, 'config/systemd/user');
    mkdirSync(join(units, 'rounz-screen.service.d'), { recursive: true });
    const unit = readFileSync(join(ROOT, 'watchdog/linux/rounz-screen.service'), 'utf8');
    writeFileSync(join(units, 'rounz-screen.service'), unit.replaceAll('/srv/rounz-kiosk', ROOT));
    // What is this computer's own; the rest is the unit as it is shipped, with a shorter patience.
    const settings = {
      ROUNZ_ADDRESS: address,
      ROUNZ_BROWSER: process.env['CHROMIUM_PATH'] ?? chromium.executablePath(),
      ROUNZ_PROFILE: this.#profile,
      ROUNZ_FLAGS: WATCHED_FLAGS.join(' '),
      ROUNZ_STALE_AFTER: '600',
    };
    const environment = Object.entries(settings).map(([name, value]) => `Environment="${name}=${value}"`);
    writeFileSync(
      join(units, 'rounz-screen.service.d/test.conf'),
      ['[Service]', 'WatchdogSec=30', 'TimeoutAbortSec=5', `StandardOutput=append:${this.#log}`]
        .concat(environment, '')
        .join('\n'),
    );
    this.#manager = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', '-c', MANAGER], {
      detached: true,
      stdio: 'ignore',
      env: {
        ...process.env,
        HOME: this.#folder,
        XDG_CONFIG_HOME: join(this.#folder, 'config'),
        XDG_RUNTIME_DIR: '/run/rounz-test',
      },
    });
  }

  /** What the script has said so far. */
  get said(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }

  /** The page of a browser other than `before`, once there is one. */
  async page(before: string | null): Promise<{ page: Page; browser: string }> {
    const port = () => {
      const file = join(this.#profile, 'DevToolsActivePort');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const [number, path] = text.split('\n');
      return number && path && path !== before ? `ws://127.0.0.1:${number}${path}` : null;
    };
    await expect.poll(port, { timeout: 240_000, message: this.said }).not.toBeNull();
    const address = port()!;
    const browser = await chromium.connectOverCDP(address);
    await expect.poll(() => browser.contexts()[0]?.pages().length ?? 0).toBeGreaterThan(0);
    return { page: browser.contexts()[0]!.pages()[0]!, browser: new URL(address).pathname };
  }

  #signal(signal: NodeJS.Signals, which: (line: string) => boolean): void {
    const found = descendants(this.#manager.pid!).filter(({ line }) => which(line));
    expect(found.length, signal).toBeGreaterThan(0);
    for (const { id } of found) process.kill(id, signal);
  }

  killPage(): void {
    this.#signal(
      'SIGKILL',
      (line) => line.includes('--type=renderer') && !line.includes('--top-chrome-webui'),
    );
  }

  /** The script that watches hangs. */
  stopScript(): void {
    this.#signal('SIGSTOP', (line) => /bash \S*watchdog\/linux\/rounz-screen$/.test(line));
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#manager.once('exit', resolve));
    this.#manager.kill('SIGTERM');
    const late = setTimeout(() => this.#manager.kill('SIGKILL'), 30_000);
    await gone;
    clearTimeout(late);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
}

test('watchdog: the unit under systemd; renderer killed, then the watching script frozen, and the attract screen returns', async ({
  baseURL,
}) => {
  test.setTimeout(900_000);
  const able = process.platform === 'linux' && process.getuid?.() === 0 && existsSync(SYSTEMD);
  test.skip(!able, 'This needs Linux, systemd and root.');
  const managed = new Managed(`${baseURL}?model=${TESTED_MODEL.name}`);
  try {
    const first = await managed.page(null);
    await expectPhase(first.page, /attract|looking|unknown/);

    let from = performance.now();
    managed.killPage();
    const second = await managed.page(first.browser);
    await expectPhase(second.page, /attract|looking|unknown/);
    noteTime('renderer killed, under systemd', performance.now() - from);
    expect(managed.said).toContain('the page has crashed');

    // It can say nothing more: whoever starts the browser again is systemd.
    from = performance.now();
    managed.stopScript();
    const third = await managed.page(second.browser);
    await expectPhase(third.page, /attract|looking|unknown/);
    noteTime('watching script frozen, under systemd', performance.now() - from);
  } finally {
    await managed.stop();
  }
});
