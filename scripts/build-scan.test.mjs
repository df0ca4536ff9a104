import { expect, it } from 'vitest';
import { SCAN_BYTES } from '../src/core/match/scan/scan-bytes.ts';
import { compileScan } from './build-scan.mjs';

it('the shipped scan kernel is the WAT beside it', async () => {
  expect(SCAN_BYTES).toBe(await compileScan());
});
