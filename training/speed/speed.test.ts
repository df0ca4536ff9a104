import { expect, it } from 'vitest';
import { race } from './race.ts';

it('a race takes turns, and tells the first run apart from the others', async () => {
  const order: string[] = [];
  let now = 0;
  const contestant = (name: string, ms: number) => ({
    name,
    run: async () => {
      const slow = order.includes(name) ? ms : 5 * ms;
      order.push(name);
      now += slow;
    },
  });
  const [quick, slow] = await race([contestant('quick', 10), contestant('slow', 40)], 3, () => now);
  expect(order.join(' ')).toBe('quick slow quick slow quick slow quick slow');
  expect(quick!.ratio).toBe(1);
  expect(slow).toEqual({ name: 'slow', first: 200, best: 40, median: 40, worst: 40, ratio: 4 });
});
