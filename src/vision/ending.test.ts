import { describe, expect, it } from 'vitest';
import { createEnding } from './ending.ts';

describe('ending', () => {
  it('passes on what the work comes to', async () => {
    const ending = createEnding();
    await expect(ending.during(Promise.resolve(7))).resolves.toBe(7);
    await expect(ending.during(Promise.reject(new Error('no face')))).rejects.toThrow('no face');
  });

  it('rejects all work that waits at the end, and all that comes after it', async () => {
    const ending = createEnding();
    const waiting = [1, 2].map(() => ending.during(new Promise(() => {})));
    ending.end(new Error('the worker is gone'));
    ending.end(new Error('again'));
    for (const work of [...waiting, ending.during(Promise.resolve(1)), ending.ended])
      await expect(work).rejects.toThrow('the worker is gone');
  });

  it('keeps nothing of work that is done', async () => {
    const ending = createEnding();
    const results: WeakRef<object>[] = [];
    for (let i = 0; i < 50; i++) {
      const result = await ending.during(Promise.resolve({ frame: new Uint8Array(1_000) }));
      results.push(new WeakRef(result));
    }
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(results.filter((one) => one.deref() !== undefined).length).toBeLessThan(3);
    await expect(ending.during(Promise.resolve('still there'))).resolves.toBe('still there');
  });
});
