import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkFile } from './catalogue.ts';

const folder = new URL('../../public/catalogue/', import.meta.url);
const shipped = readFileSync(new URL('catalogue.json', folder), 'utf8');
const beside = readdirSync(folder);

describe('checkFile', () => {
  it('has nothing to say of the shipped catalogue', () => {
    expect(checkFile(shipped, beside)).toEqual({ faults: [], advice: [], frames: 8 });
  });

  it('names line and column of a value that does not fit', () => {
    const text = shipped.replace('"price": 119000', '"price": "119,000"');
    const line = text.split('\n').findIndex((one) => one.includes('"119,000"')) + 1;
    const column =
      text
        .split('\n')
        .at(line - 1)
        ?.indexOf('"119,000"') ?? 0;
    expect(checkFile(text, beside).faults).toEqual([
      `${line}:${column + 1} frame 2 (bukchon-square), price is "119,000". Write a whole number of Korean won above 0, without quotes and commas, like 129000.`,
    ]);
  });

  it('names the frame in which a field is missing', () => {
    const text = '{"format": 1,\n"frames": [\n  {"id": "a1"}\n]}';
    const { faults } = checkFile(text, []);
    expect(faults[0]).toBe(
      '3:3 frame 1 (a1), name is missing. Write {"ko": "...", "en": "..."} with the name in both languages.',
    );
    expect(faults).toHaveLength(5);
  });

  it.each([
    ['a comma too many', '{"format": 1,}', /^1:14 A field’s name in double quotes is missing/],
    ['no comma', '{"format": 1 "frames": []}', /^1:14 A comma is missing/],
    ['a comment', '{"format": 1 // mine\n}', /^1:14 JSON has no comments/],
    ['an end too early', '{"format": 1', /A closing } is missing/],
    ['nothing', '', /^1:1 /],
  ])('says where the notation is wrong: %s', (_, text, told) => {
    expect(checkFile(text, []).faults.join('\n')).toMatch(told);
  });

  it('names a picture that is not there, an unknown field, and frames that a filter does not find', () => {
    const text = shipped
      .replace('hangang-round.svg', 'gone.svg')
      .replace('"colour": "black"', '"color": "black"');
    const { faults, advice } = checkFile(text, beside);
    expect(faults).toEqual([
      expect.stringMatching(
        /^\d+:\d+ frame 1 \(hangang-round\), picture is "gone.svg", which does not lie beside/,
      ),
    ]);
    expect(advice).toEqual([
      expect.stringMatching(
        /^\d+:\d+ frame 2 \(bukchon-square\), color is a field that the kiosk does not know/,
      ),
      expect.stringMatching(
        /^\d+:\d+ frame 2 \(bukchon-square\) has no colour: that filter does not find it/,
      ),
    ]);
  });
});
