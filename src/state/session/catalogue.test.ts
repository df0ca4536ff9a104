import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueSchema } from './catalogue.ts';

const folder = new URL('../../../public/catalogue/', import.meta.url);
const shipped = JSON.parse(readFileSync(new URL('catalogue.json', folder), 'utf8'));

describe('the shipped catalogue', () => {
  it('fits its schema, and every picture that it names is there', () => {
    const { frames } = catalogueSchema.parse(shipped);
    expect(frames.length).toBeGreaterThanOrEqual(6);
    for (const { picture } of frames) expect(existsSync(new URL(picture, folder)), picture).toBe(true);
  });

  it.each([
    ['two frames of one id', (frames: unknown[]) => [...frames, frames[0]]],
    ['a picture elsewhere', ([first]: object[]) => [{ ...first, picture: 'https://example.org/a.svg' }]],
    ['a name in one language', ([first]: object[]) => [{ ...first, name: { ko: '하나' } }]],
    ['a price that is none', ([first]: object[]) => [{ ...first, price: 0 }]],
    ['no frames', () => []],
  ])('is refused with %s', (_, change) => {
    const frames = change(structuredClone(shipped.frames));
    expect(catalogueSchema.safeParse({ ...shipped, frames }).success).toBe(false);
  });
});
