import { describe, expect, it } from 'vitest';
import type { CatalogueFrame } from './catalogue.ts';
import { checkCatalogue, faultLine } from './check.ts';
import { askedFor, choicesOf, filterFrames, NO_FILTER, priceBands, widthOf } from './filter.ts';
import { matchesSearch } from './search.ts';
import { LINK_BYTES, shopLink } from './shop-link.ts';

const frame = (over: Partial<CatalogueFrame> = {}): CatalogueFrame => ({
  id: 'hangang-round',
  name: { ko: '한강 라운드', en: 'Hangang Round' },
  detail: { ko: '호박색 아세테이트', en: 'Amber acetate' },
  kind: 'optical',
  price: 129_000,
  picture: 'hangang-round.svg',
  ...over,
});

describe('checkCatalogue', () => {
  it('takes frames without the fields of filters, and passes over fields that it does not know', () => {
    const file = { format: 1, frames: [{ ...frame(), maker: 'us' }] };
    expect(checkCatalogue(file)).toEqual({ ok: true, frames: [frame()] });
  });

  it.each([
    ['a list', [], 'the file is []. Write a file {"format": 1, "frames": [...]}.'],
    [
      'no frames',
      { format: 1, frames: [] },
      'frames is []. Write a list of 1 to 500 frames in square brackets.',
    ],
    ['a newer format', { format: 2, frames: [frame()] }, 'format is 2. Write 1.'],
    [
      'a price in quotes',
      { format: 1, frames: [frame(), { ...frame({ id: 'b2' }), price: '129,000' }] },
      'frame 2 (b2), price is "129,000". Write a whole number of Korean won above 0, without quotes and commas, like 129000.',
    ],
    [
      'a name in one language',
      { format: 1, frames: [{ ...frame(), name: { ko: '하나' } }] },
      'frame 1 (hangang-round), name, en is missing. Write words in double quotes, 1 to 60 characters, in English.',
    ],
    [
      'the same number twice',
      { format: 1, frames: [frame(), frame({ id: 'b2' }), frame()] },
      'frame 3 (hangang-round), id is "hangang-round", and frame 1 has it already. Give each frame a number of its own.',
    ],
    [
      'a picture elsewhere',
      { format: 1, frames: [{ ...frame(), picture: 'https://example.org/a.svg' }] },
      /^frame 1 \(hangang-round\), picture is "https:\/\/example.org\/a.svg". Write the name of an .svg/,
    ],
    [
      'an unknown shape',
      { format: 1, frames: [{ ...frame(), shape: 'star' }] },
      /^frame 1 \(hangang-round\), shape is "star". Write one of "round", /,
    ],
    [
      'a word for a frame',
      { format: 1, frames: ['hangang'] },
      /^frame 1 is "hangang". Write a frame in curly/,
    ],
  ] as const)('refuses %s with its place and what to write', (_, file, line) => {
    const checked = checkCatalogue(file);
    if (checked.ok) throw new Error('It was taken.');
    expect(checked.faults.map(faultLine)[0]).toEqual(
      typeof line === 'string' ? line : expect.stringMatching(line),
    );
  });

  it('names every fault at once', () => {
    const frames = [{ ...frame(), price: 0, kind: 'monocle' }, frame({ id: 'B' })];
    const checked = checkCatalogue({ format: 1, frames });
    expect(checked.ok ? [] : checked.faults.map(({ place }) => place)).toEqual([
      'frame 1 (hangang-round), kind',
      'frame 1 (hangang-round), price',
      'frame 2 (B), id',
    ]);
  });
});

describe('matchesSearch', () => {
  it.each([
    ['ㅎㄱ', true],
    ['ㅎㄱㄹ', true],
    ['한강', true],
    ['한 강', true],
    ['ㄱㅎ', false],
    ['강라', true],
    ['HANG', true],
    ['amber', true],
    ['아세', true],
    ['hangang-r', true],
    ['round amber', true],
    ['round green', false],
    ['  ', true],
    ['square', false],
  ])('holds the words %s against name, detail and number: %s', (words, found) => {
    expect(matchesSearch(frame(), words)).toBe(found);
  });

  it('finds a doubled consonant by the plain one and by itself, and decomposed Hangul', () => {
    const cherry = frame({ name: { ko: '빨간 테', en: 'Red' } });
    for (const words of ['ㅂㄱ', 'ㅃㄱ', '빨간'.normalize('NFD')])
      expect(matchesSearch(cherry, words)).toBe(true);
  });
});

describe('filterFrames', () => {
  const frames = [
    frame({ id: 'a1', shape: 'round', colour: 'brown', width: 128, price: 90_000 }),
    frame({ id: 'b1', shape: 'square', colour: 'black', width: 135, price: 130_000 }),
    frame({ id: 'c1', shape: 'square', colour: 'brown', width: 142, price: 180_000 }),
    frame({ id: 'd1', price: 131_000 }),
  ];
  const ids = (over: Partial<typeof NO_FILTER>) =>
    filterFrames(frames, { ...NO_FILTER, ...over }).map(({ id }) => id);

  it('finds everything where nothing is asked for', () => {
    expect(ids({})).toEqual(['a1', 'b1', 'c1', 'd1']);
    expect(askedFor(NO_FILTER)).toBe(0);
  });

  it('finds what has all that is asked for, and nothing that lacks the field', () => {
    expect(ids({ shape: 'square' })).toEqual(['b1', 'c1']);
    expect(ids({ shape: 'square', colour: 'brown' })).toEqual(['c1']);
    expect(ids({ width: 'medium' })).toEqual(['b1']);
    expect(ids({ shape: 'round', width: 'wide' })).toEqual([]);
    expect(askedFor({ ...NO_FILTER, shape: 'round', words: ' a ' })).toBe(2);
  });

  it('puts each price into one band', () => {
    const bands = priceBands(frames);
    expect(bands).toEqual([
      { from: null, to: 130_000 },
      { from: 130_000, to: null },
    ]);
    expect(bands.flatMap((_, price) => ids({ price }))).toEqual(['a1', 'b1', 'c1', 'd1']);
  });

  it('offers only what some frame has', () => {
    expect(choicesOf(frames)).toMatchObject({
      shape: ['round', 'square'],
      colour: ['black', 'brown'],
      width: ['narrow', 'medium', 'wide'],
    });
    expect(priceBands([frame(), frame()])).toEqual([]);
  });

  it('counts a frame as wide from its edges on', () => {
    expect([129.9, 130, 139.9, 140].map(widthOf)).toEqual(['narrow', 'medium', 'medium', 'wide']);
  });
});

describe('shopLink', () => {
  const page = 'https://shop.example.com/kiosk';
  it('adds article numbers to the address and nothing else', () => {
    expect(shopLink(page, ['a1', 'b-2'])).toEqual({ address: `${page}?frames=a1,b-2`, frames: 2 });
    expect(shopLink(`${page}?from=kiosk#list`, ['a1'])?.address).toBe(`${page}?from=kiosk&frames=a1#list`);
    expect(shopLink(`${page}?frames=old`, ['a1'])?.address).toBe(`${page}?frames=a1`);
  });

  it('leaves the last ones out where all do not fit, and says how many went in', () => {
    const ids = Array.from({ length: 60 }, (_, i) => `a-rather-long-article-number-${i}`);
    const link = shopLink(page, ids)!;
    expect(link.address.length).toBeLessThanOrEqual(LINK_BYTES);
    expect(link.frames).toBeLessThan(60);
    expect(link.address.endsWith(`,${ids[link.frames - 1]}`)).toBe(true);
    expect(`${link.address},${ids[link.frames]}`.length).toBeGreaterThan(LINK_BYTES);
  });

  it('is none without frames, and where not even one fits', () => {
    expect(shopLink(page, [])).toBeNull();
    expect(shopLink(`https://shop.example.com/${'x'.repeat(400)}`, ['a1'])).toBeNull();
  });
});
