import { expect, it } from 'vitest';
import { race } from './race.ts';

it('a race takes turns, and tells the first run apart from the others', async () => {
  const order: string[] = [];
  const contestant = (name: string, ms: number) => ({
    name,
    run: async () => {
      const slow = order.includes(name) ? ms : 5 * ms;
      order.push(name);
      await new Promise((resolve) => setTimeout(resolve, slow));
    },
  });
  const [quick, slow] = await race([contestant('quick', 10), contestant('slow', 40)], 3);
  expect(order.join(' ')).toBe('quick slow quick slow quick slow quick slow');
  expect(quick!.ratio).toBe(1);
  expect(slow!.ratio).toBeGreaterThan(1.5);
  expect(slow!.first).toBeGreaterThan(150);
  expect(slow!.median).toBeLessThan(slow!.first);
  expect(slow!.best).toBeLessThanOrEqual(slow!.median);
});
