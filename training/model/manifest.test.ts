import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema } from '@rounz/core/model/manifest.ts';
import { expect, it } from 'vitest';

const FILE = join(import.meta.dirname, '../../public/models/rounz-light-2.0.0/manifest.json');

it('manifestSchema reads the scores of look-alikes by the name that earlier versions gave them, too', () => {
  const text = readFileSync(FILE, 'utf8');
  const older = text.replace('"lookalikes":', '"alike":');
  expect(older).not.toBe(text);
  const { impostors } = manifestSchema.parse(JSON.parse(older));
  expect(impostors!.lookalikes.deviation).toBeGreaterThan(0);
  expect(impostors).toEqual(manifestSchema.parse(JSON.parse(text)).impostors);
});
