import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { downloadChecked, type RemoteFile } from './download.ts';

const bytesOf = (seed: number, size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed * 7) & 255);

const file = (url: string, bytes: Uint8Array): RemoteFile => ({
  url,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Serves `responses[url]`; a list gives one answer after the other. */
function serve(responses: Record<string, () => Response>): { caches: (RequestCache | undefined)[] } {
  const caches: (RequestCache | undefined)[] = [];
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    caches.push(init?.cache);
    const make = responses[url];
    if (!make) return new Response('gone', { status: 404 });
    return make();
  });
  return { caches };
}

afterEach(() => vi.unstubAllGlobals());

const quiet = { parallel: 2, onBytes: () => {} };

describe('downloadChecked', () => {
  it('returns the files in order and counts their bytes up to the total', async () => {
    const contents = [bytesOf(1, 5000), bytesOf(2, 70_000), bytesOf(3, 1)];
    const files = contents.map((bytes, i) => file(`/f${i}`, bytes));
    serve(Object.fromEntries(contents.map((bytes, i) => [`/f${i}`, () => new Response(bytes)])));
    const progress: number[] = [];
    const got = await downloadChecked(files, { parallel: 2, onBytes: (done) => progress.push(done) });
    expect(got).toEqual(contents);
    expect(progress.at(-1)).toBe(75_001);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it('streams files into the places that they are given, also at the second try', async () => {
    const contents = [bytesOf(1, 300), bytesOf(2, 500)];
    const all = new Uint8Array(800);
    const files = contents.map((bytes, i) => ({
      ...file(`/f${i}`, bytes),
      into: all.subarray(i * 300, i * 300 + bytes.length),
    }));
    let asked = 0;
    serve({
      '/f0': () => new Response(contents[0]!),
      '/f1': () => new Response(asked++ === 0 ? bytesOf(9, 500) : contents[1]!),
    });
    await downloadChecked(files, quiet);
    expect(all).toEqual(Uint8Array.from(contents.flatMap((bytes) => [...bytes])));
  });

  it('refuses a flipped byte after it has asked the server itself', async () => {
    const right = bytesOf(1, 1000);
    const wrong = Uint8Array.from(right);
    wrong[500]! ^= 1;
    const { caches } = serve({ '/model': () => new Response(wrong) });
    await expect(downloadChecked([file('/model', right)], quiet)).rejects.toMatchObject({
      code: 'model-corrupt',
      message: expect.stringContaining('/model'),
    });
    expect(caches).toEqual(['default', 'reload']);
  });

  it.each([
    ['cut short', 999],
    ['too long', 1001],
  ])('refuses a file that is %s', async (_, size) => {
    serve({ '/model': () => new Response(bytesOf(1, size)) });
    await expect(downloadChecked([file('/model', bytesOf(1, 1000))], quiet)).rejects.toMatchObject({
      code: 'model-corrupt',
    });
  });

  it('takes the good file from the server where the cached one was damaged', async () => {
    const right = bytesOf(1, 1000);
    let asked = 0;
    serve({ '/model': () => new Response(asked++ === 0 ? bytesOf(9, 1000) : right) });
    const progress: number[] = [];
    const [got] = await downloadChecked([file('/model', right)], {
      parallel: 1,
      onBytes: (done) => progress.push(done),
    });
    expect(got).toEqual(right);
    expect(progress.at(-1)).toBe(1000);
  });

  it('says that a file is missing: not there, a start page in its place, no network', async () => {
    const wanted = file('/model', bytesOf(1, 10));
    serve({});
    await expect(downloadChecked([wanted], quiet)).rejects.toMatchObject({ code: 'model-missing' });
    serve({ '/model': () => new Response('<html>', { headers: { 'content-type': 'text/html' } }) });
    await expect(downloadChecked([wanted], quiet)).rejects.toMatchObject({ code: 'model-missing' });
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(downloadChecked([wanted], quiet)).rejects.toMatchObject({ code: 'model-missing' });
  });
});
