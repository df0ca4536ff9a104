import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeSetUpCode } from '../../scripts/lib/set-up-code.mjs';
import { servedSetUpCode } from './set-up-code.ts';

function serve(answer: () => Response): void {
  vi.stubGlobal('document', { baseURI: 'https://kiosk.example/' });
  vi.stubGlobal('fetch', async () => answer());
}
afterEach(() => vi.unstubAllGlobals());

describe('the set-up code', () => {
  it('is what the script printed, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'set-up-'));
    const code = await writeSetUpCode(folder);
    const file = readFileSync(join(folder, 'setup.json'), 'utf8');
    rmSync(folder, { recursive: true });
    expect(code).toMatch(/^[0-9]{12}$/);
    expect(file).not.toContain(code);
    serve(() => new Response(file, { headers: { 'Content-Type': 'application/json' } }));
    expect(await servedSetUpCode.need()).toBe('code');
    expect(await servedSetUpCode.fits(code)).toBe(true);
    const other = code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    for (const wrong of ['', other]) expect(await servedSetUpCode.fits(wrong)).toBe(false);
  });

  it('lets nobody choose a PIN where the installation has none, whatever the server answers', async () => {
    for (const answer of [
      () => new Response('', { status: 404 }),
      () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }),
    ]) {
      serve(answer);
      expect(await servedSetUpCode.need()).toBe('missing');
      expect(await servedSetUpCode.fits('')).toBe(false);
    }
  });

  it('lets nobody choose a PIN where it cannot be read', async () => {
    serve(() => Response.error());
    await expect(servedSetUpCode.fits('123456789012')).rejects.toThrow();
    serve(() => new Response('', { status: 503 }));
    await expect(servedSetUpCode.need()).rejects.toThrow(/no PIN can be chosen/);
    serve(() => new Response('{}', { headers: { 'Content-Type': 'application/json' } }));
    await expect(servedSetUpCode.fits('')).rejects.toThrow();
  });
});
