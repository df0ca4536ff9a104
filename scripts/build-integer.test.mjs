import { expect, it } from 'vitest';
import { INTEGER_BYTES } from '../src/core/model/integer-bytes.ts';
import { compileInteger } from './build-integer.mjs';

it('the shipped integer kernels are what their program writes', async () => {
  expect(INTEGER_BYTES).toBe(await compileInteger());
});
