import { describe, expect, it } from 'vitest';
import en from './en.json';
import ko from './ko.json';

type Tree = { readonly [key: string]: string | Tree };

/** `path -> text` of every leaf. */
function leaves(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found.set(here, value);
    else for (const [inner, text] of leaves(value, here)) found.set(inner, text);
  }
  return found;
}

/** English has a singular that Korean has not. */
const shared = (keys: Iterable<string>) => [...keys].filter((key) => !key.endsWith('_one')).sort();
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

const texts = { ko: leaves(ko), en: leaves(en) };

describe('the texts', () => {
  it('exist in both languages under the same keys', () => {
    expect(shared(texts.en.keys())).toEqual(shared(texts.ko.keys()));
    expect(texts.ko.size).toBeGreaterThan(100);
  });

  it('have an English singular wherever they count something', () => {
    const plurals = [...texts.en.keys()].filter((key) => key.endsWith('_other'));
    expect(plurals.length).toBeGreaterThan(2);
    for (const key of plurals) expect(texts.en.has(key.replace(/_other$/, '_one')), key).toBe(true);
  });

  it('are never empty and take the same values in both languages', () => {
    for (const key of shared(texts.ko.keys())) {
      expect(texts.ko.get(key)!.trim(), key).not.toBe('');
      expect(texts.en.get(key)!.trim(), key).not.toBe('');
      expect(slots(texts.en.get(key)!), key).toEqual(slots(texts.ko.get(key)!));
    }
  });

  it('are Korean in ko.json: every sentence of more than a word has Hangul', () => {
    const latin = [...texts.ko].filter(
      ([, text]) => !/\p{Script=Hangul}/u.test(text.replace(/\{\{\w+\}\}/g, '')),
    );
    expect(latin.map(([key]) => key).sort()).toEqual([
      'brand.name',
      'health.backendName.wasm',
      'health.cameraState.live',
      'health.frameTimeValue',
      'health.modelName',
      'health.raceTime',
      'health.tensorBytes',
      'language.en',
      'language.other',
      'settings.size',
      'staff.setup.degrees',
    ]);
  });
});
