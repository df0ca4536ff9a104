import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EVENTS, openRunEvents } from './run-events.ts';

it('run events hold each number under its kind, and the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-events-'));
  const events = openRunEvents(folder, 0, { batch: 64 });
  const report = { imagesSeen: 64, totalImages: 1000, loss: 0.5, name: 'text', missing: Number.NaN };
  events.step(report);
  events.validation({ imagesSeen: 64, ...{ tarAtFmr1: 0.25, genuinePairs: 9 } });
  events.close();
  const [file] = readdirSync(join(folder, EVENTS));
  const text = readFileSync(join(folder, EVENTS, file!), 'latin1');
  for (const tag of ['train/loss', 'validation/tarAtFmr1', '"batch": 64']) expect(text).toContain(tag);
  for (const tag of ['imagesSeen', 'totalImages', 'genuinePairs', 'name', 'missing'])
    expect(text).not.toContain(tag);
  rmSync(folder, { recursive: true, force: true });
});
