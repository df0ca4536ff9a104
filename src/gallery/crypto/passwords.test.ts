import { expect, it } from 'vitest';
import { toHex, utf8 } from './bytes.ts';
import { stretchByMemory } from './passwords.ts';

it('Argon2id gives what the reference implementation does', async () => {
  // argon2 of the reference repository: echo -n password | ./argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
  const key = await stretchByMemory('password', utf8('somesalt'), { memory: 1 << 16, passes: 2 });
  expect(toHex(key)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
});
