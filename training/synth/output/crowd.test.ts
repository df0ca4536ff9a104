import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readAccessories, readWornLabels } from '../../data/accessories.ts';
import { writeCrowd } from './crowd.ts';

const folder = mkdtempSync(join(tmpdir(), 'crowd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a crowd says of each picture which accessory it shows, in the form that training reads', async () => {
  await writeCrowd({ people: 1, first: 100_000, folder: join(folder, 'rendered') }, () => {});
  const table = `rendered=${join(folder, 'accessories.tsv')}`;
  const shown = (name: string) =>
    [...readWornLabels(table).get(`rendered/p100000/${name}.jpg`)!]
      .filter(([, worn]) => worn)
      .map(([accessory]) => accessory);
  expect(shown('0-bare')).toEqual([]);
  expect(shown('3-horn-rimmed')).toEqual(['eyewear']);
  expect(shown('4-sunglasses')).toEqual(['eyewear', 'sunglasses']);
  expect(shown('5-cap')).toEqual(['hat']);
  expect(shown('6-mask')).toEqual(['mask']);
  expect(readAccessories(table)).toHaveLength(5);
});
