import { describe, expect, it } from 'vitest';
import { randomBytes } from '../crypto/bytes.ts';
import { importSecret, newSecret } from '../crypto/seal.ts';
import { TwoClocks } from '../test-clocks.ts';
import { type Opened, type ReadRequest, readSealed } from './sealed-reader.ts';

/** A worker that a test answers for. */
class FakeWorker extends EventTarget {
  terminated = 0;
  request: ReadRequest | undefined;
  postMessage(request: ReadRequest) {
    this.request = request;
  }
  terminate() {
    this.terminated += 1;
  }
  answer(at: number, opened: Opened | null) {
    this.dispatchEvent(new MessageEvent('message', { data: { at, opened } }));
  }
}

async function setUp() {
  const worker = new FakeWorker();
  const wanted = [0, 1, 2].map((chunk) => ({ name: `file-${chunk}`, binding: ['file', chunk] }));
  const request = { folder: 'gallery', key: await importSecret(newSecret()), wanted };
  const clock = new TwoClocks();
  return { worker, request, clock, files: readSealed(request, () => worker as never, clock) };
}

describe('readSealed', () => {
  it('gives each file its answer, in whatever order they come, and then ends the worker', async () => {
    const { worker, request, files } = await setUp();
    expect(worker.request).toEqual(request);
    const opened = (tag: string): Opened => ({ tag, plain: randomBytes(4) });
    const [zero, two] = [opened('00'), opened('02')];
    worker.answer(2, two);
    worker.answer(1, null);
    expect(worker.terminated).toBe(0);
    worker.answer(0, zero);
    expect(await Promise.all(files)).toEqual([zero, null, two]);
    expect(worker.terminated).toBe(1);
  });

  it('lets go of what is not read yet where the worker breaks down', async () => {
    const { worker, files } = await setUp();
    worker.answer(1, null);
    worker.dispatchEvent(new Event('error'));
    expect((await Promise.allSettled(files)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(worker.terminated).toBe(1);
  });

  it('gives a worker up that falls silent, and waits for one that answers now and then', async () => {
    const { worker, clock, files } = await setUp();
    clock.pass(9_000);
    worker.answer(0, null);
    clock.pass(9_000);
    expect(worker.terminated).toBe(0);
    clock.pass(1_000);
    expect((await Promise.allSettled(files)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(worker.terminated).toBe(1);
    clock.pass(60_000);
    expect(worker.terminated).toBe(1);
  });
});
