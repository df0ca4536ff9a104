import { describe, expect, it } from 'vitest';
import { ahead } from './ahead.ts';

async function* numbers(count: number, onNext: (i: number) => void = () => {}): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    onNext(i);
    yield i;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A turn of the event loop, in which everything that can go on has gone on. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('ahead', () => {
  it('gives results in the items’ order, whichever is done first', async () => {
    const slowFirst = async (i: number) => {
      await new Promise((resolve) => setTimeout(resolve, 20 - 2 * i));
      return i * 10;
    };
    expect(await collect(ahead(numbers(10), slowFirst, 4))).toEqual(
      Array.from({ length: 10 }, (_, i) => i * 10),
    );
  });

  it('works on the next items while one is in use, and on no more than allowed', async () => {
    const begun: number[] = [];
    const work = async (i: number) => {
      begun.push(i);
      return i;
    };
    const results = ahead(numbers(20), work, 3);
    expect((await results.next()).value).toBe(0);
    await turn();
    expect(begun).toEqual([0, 1, 2, 3]);
    expect((await results.next()).value).toBe(1);
    await turn();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    await results.return(undefined);
  });

  it('throws an error of the work and of the items in its place', async () => {
    const work = async (i: number) => {
      if (i === 2) throw new Error('no picture');
      return i;
    };
    const seen: number[] = [];
    const all = (async () => {
      for await (const i of ahead(numbers(5), work, 8)) seen.push(i);
    })();
    await expect(all).rejects.toThrow('no picture');
    expect(seen).toEqual([0, 1]);
    async function* broken() {
      yield 1;
      throw new Error('no folder');
    }
    await expect(collect(ahead(broken(), async (i) => i, 2))).rejects.toThrow('no folder');
  });

  it('stops its items when nobody takes more', async () => {
    const asked: number[] = [];
    for await (const i of ahead(
      numbers(1000, (n) => asked.push(n)),
      async (n) => n,
      2,
    ))
      if (i === 1) break;
    await turn();
    expect(asked.length).toBeLessThan(8);
  });
});
