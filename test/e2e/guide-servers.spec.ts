import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { headers, httpsHeaders } from '../../scripts/lib/headers.mjs';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase, KioskMachine } from '../helpers/kiosk.ts';
import { nobody } from '../helpers/stage.ts';
import { NotHere, startCaddy, startNginx, type WebServer } from '../helpers/web-servers.ts';

/** What the guide tells to paste into a web server's configuration, served by that server and opened. */

const DIST = join(import.meta.dirname, '../../dist');

/** Types that the server has to send: with `nosniff` the browser guesses none. */
const TYPES: Readonly<Record<string, RegExp>> = {
  '.html': /^text\/html/,
  '.js': /^(text|application)\/javascript/,
  '.css': /^text\/css/,
  '.json': /^application\/json/,
  '.svg': /^image\/svg\+xml/,
  '.webp': /^image\/webp/,
  '.wasm': /^application\/wasm/,
  '.woff2': /^font\/woff2/,
  '.webmanifest': /^application\/manifest\+json/,
};

/** One file of `dist` of each type. */
const samples = () => {
  const paths = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  return Object.keys(TYPES).map((type) => paths.find((path) => extname(path) === type)!);
};

const SERVERS: readonly [string, (folder: string) => Promise<WebServer>][] = [
  ['nginx', startNginx],
  ['Caddy', startCaddy],
];

for (const [name, start] of SERVERS)
  test(`guide: its block for ${name} serves a kiosk that opens @long`, async ({ playwright }) => {
    const folder = mkdtempSync(join(tmpdir(), 'web-server-'));
    let server: WebServer | undefined;
    let machine: KioskMachine | undefined;
    try {
      server = await start(folder).catch((error: unknown) => {
        if (error instanceof NotHere) test.skip(true, `${name}: ${error.message}.`);
        throw error;
      });
      const request = await playwright.request.newContext({
        baseURL: server.address,
        ignoreHTTPSErrors: true,
      });
      for (const path of samples()) {
        const answer = await request.get(path);
        expect(answer.status(), path).toBe(200);
        expect(answer.headers()['content-type'], path).toMatch(TYPES[extname(path)]!);
        for (const [header, value] of Object.entries({ ...headers('shipped'), ...httpsHeaders }))
          expect(answer.headers()[header.toLowerCase()], `${header} of ${path}`).toBe(value);
      }
      await request.dispose();
      machine = new KioskMachine(server.address);
      const { page, errors, strayRequests } = await machine.open({
        camera: { kind: 'stage', scene: nobody },
      });
      await expectPhase(page, 'attract');
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect([...errors, ...strayRequests]).toEqual([]);
    } finally {
      await machine?.dispose();
      server?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
