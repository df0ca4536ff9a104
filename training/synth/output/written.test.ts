import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeImage } from '../../data/decode.ts';
import { PEOPLE } from '../person/people.ts';
import { FIXTURE_LOOKS } from './fixtures.ts';
import { distance, type Judge, loadJudge } from './recogniser.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DEMO = join(ROOT, 'public/demo');
const FIXTURES = join(ROOT, 'test/fixtures');
const sheet = z.object({ file: z.string(), frames: z.array(z.string()).min(1) });
const demo = z
  .object({
    frameSize: z.object({ width: z.number(), height: z.number() }),
    background: z.string(),
    people: z.array(z.object({ id: z.string(), enrolled: z.boolean(), looks: z.record(z.string(), sheet) })),
    script: z.array(z.object({ person: z.string().nullable(), look: z.string() })),
  })
  .parse(JSON.parse(readFileSync(join(DEMO, 'people.json'), 'utf8')));

describe('the demonstration as written', () => {
  it('has every sheet, as wide as its frames, and stays below 5 MB', async () => {
    let bytes = statSync(join(DEMO, demo.background)).size;
    for (const { looks } of demo.people) {
      for (const { file, frames } of Object.values(looks)) {
        const image = await loadImage(join(DEMO, file));
        expect([image.width, image.height], file).toEqual([
          demo.frameSize.width * frames.length,
          demo.frameSize.height,
        ]);
        expect(frames, file).toContain('rest');
        bytes += statSync(join(DEMO, file)).size;
      }
    }
    expect(bytes).toBeLessThan(5e6);
  });

  it('plays only people and looks that are there, enrolled ones and strangers', () => {
    for (const { person, look } of demo.script) {
      if (person === null) continue;
      expect(Object.keys(demo.people.find(({ id }) => id === person)?.looks ?? {}), person).toContain(look);
    }
    expect(new Set(demo.people.map(({ enrolled }) => enrolled))).toEqual(new Set([true, false]));
  });
});

describe('the fixtures as written', () => {
  let judge: Judge;
  beforeAll(async () => {
    judge = await loadJudge();
  });
  afterAll(() => judge.dispose());
  const embed = async (id: string, look: string): Promise<Float32Array | null> =>
    judge.embed(await decodeImage(readFileSync(join(FIXTURES, 'people', id, `${look}.png`))));

  it('stay below 4 MB', () => {
    const files = PEOPLE.flatMap(({ id }) =>
      Object.keys(FIXTURE_LOOKS).map((look) => join(FIXTURES, 'people', id, `${look}.png`)),
    );
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(4e6);
  });

  it('are known by their bare picture, covered and smiling, by a recogniser that never saw rendered faces', async () => {
    const gallery = await Promise.all(PEOPLE.map(({ id }) => embed(id, 'bare')));
    expect(gallery).not.toContain(null);
    const others = Object.keys(FIXTURE_LOOKS).filter((look) => look !== 'bare');
    for (const [i, { id }] of PEOPLE.entries()) {
      for (const look of others) {
        const probe = await embed(id, look);
        expect(probe, `${id} ${look}`).not.toBeNull();
        const distances = gallery.map((template) => distance(probe!, template!));
        expect(distances.indexOf(Math.min(...distances)), `${id} ${look}`).toBe(i);
      }
    }
  });
});
