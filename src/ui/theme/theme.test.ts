import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  enlargementFor,
  HANGUL_HEIGHT,
  highestTouch,
  KIOSK_RULES,
  millimetresPerPixel,
  PANEL_LOWER_EDGE,
  requiredTextHeight,
  restingRem,
  type Screen,
  SMALLEST_TEXT,
} from './panel.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The custom properties of the first rule with that selector. */
function rule(selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`tokens.css has no rule ${selector}`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]),
  );
}

const light = rule(':root');
const palettes = {
  light,
  dark: new Map([...light, ...rule(':root[data-theme="dark"]')]),
  'high contrast': new Map([...light, ...rule(':root[data-contrast="high"]')]),
  'high contrast over dark': new Map([
    ...light,
    ...rule(':root[data-theme="dark"]'),
    ...rule(':root[data-contrast="high"]'),
  ]),
};

it('the dark palette and high contrast set colours alone: nothing is laid out otherwise', () => {
  for (const selector of [':root[data-theme="dark"]', ':root[data-contrast="high"]']) {
    const body = css.slice(css.indexOf(`${selector} {`)).split(/[{}]/)[1]!;
    const others = body.split(';').filter((line) => line.trim() && !/^\s*--[\w-]+: #[0-9a-f]{6}$/.test(line));
    expect(others.map((line) => line.trim())).toEqual(['color-scheme: dark']);
  }
});

/** WCAG 2.2, relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [bright, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright! + 0.05) / (dark! + 0.05);
}

const TEXT_ON_GROUND = [
  ['ink', 'paper'],
  ['ink', 'surface'],
  ['soft', 'paper'],
  ['soft', 'surface'],
  ['soft', 'sand'],
  ['accent', 'paper'],
  ['accent', 'surface'],
  ['accent', 'accent-wash'],
  ['accent-deep', 'accent-wash'],
  ['on-accent', 'accent'],
  ['tortoise', 'sand'],
  ['tortoise', 'paper'],
  ['alert', 'paper'],
  ['alert', 'alert-wash'],
  ['alert', 'surface'],
  ['on-alert', 'alert'],
  ['on-shelf', 'shelf'],
] as const;

describe.each(Object.entries(palettes))('the %s palette', (_, palette) => {
  const token = (name: string): string => {
    const found = palette.get(name);
    if (!found) throw new Error(`tokens.css has no --${name}`);
    return found;
  };

  it.each(TEXT_ON_GROUND)('sets %s on %s with a contrast of 4.5 or more', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(KIOSK_RULES.contrast);
  });

  it('draws the borders of what can be touched with a contrast of 3 or more', () => {
    for (const ground of ['paper', 'surface'])
      expect(contrast(token('line-strong'), token(ground))).toBeGreaterThanOrEqual(3);
  });
});

it('the high contrast palette has a contrast of 7 or more for every text', () => {
  const palette = palettes['high contrast'];
  for (const [text, ground] of TEXT_ON_GROUND)
    expect(contrast(palette.get(text)!, palette.get(ground)!), `${text} on ${ground}`).toBeGreaterThanOrEqual(
      7,
    );
});

const rem = (name: string): number => Number.parseFloat(light.get(name)!);

describe.each<[string, Screen]>([
  ['a 32-inch portrait kiosk, the assumed one', { inches: 32, width: 1080, height: 1920 }],
  ['the same lying', { inches: 32, width: 1920, height: 1080 }],
  ['a 43-inch portrait kiosk', { inches: 43, width: 1080, height: 1920 }],
  ['a 21.5-inch portrait kiosk', { inches: 21.5, width: 1080, height: 1920 }],
  ['a 10.9-inch tablet', { inches: 10.9, width: 820, height: 1180 }],
  ['a 12.9-inch tablet, lying', { inches: 12.9, width: 1366, height: 1024 }],
])('on %s', (_, screen) => {
  const millimetres = (size: number) =>
    size * restingRem(screen) * enlargementFor(screen) * millimetresPerPixel(screen);

  it('the smallest text is as high as the kiosk rules ask', () => {
    expect(rem('text-s')).toBe(SMALLEST_TEXT);
    for (const size of ['text-s', 'text-m', 'text-l', 'text-xl', 'text-xxl'])
      expect(millimetres(rem(size)) * HANGUL_HEIGHT).toBeGreaterThanOrEqual(
        requiredTextHeight(screen) - 0.01,
      );
  });

  it('what can be touched is 20 mm wide and high, half of it on a screen that is held', () => {
    const side = screen.inches < KIOSK_RULES.smallBelow ? KIOSK_RULES.touchSide / 2 : KIOSK_RULES.touchSide;
    expect(millimetres(rem('touch'))).toBeGreaterThanOrEqual(side);
  });
});

it('the enlargement is 1 on the assumed panel', () => {
  expect(enlargementFor({ inches: 32, width: 1080, height: 1920 })).toBeLessThanOrEqual(1.01);
});

describe('highestTouch', () => {
  const standing = { inches: 32, width: 1080, height: 1920 };
  it('is within reach on the assumed panel, and rises with the panel', () => {
    expect(highestTouch(standing, PANEL_LOWER_EDGE)).toBeLessThanOrEqual(KIOSK_RULES.reach);
    expect(highestTouch(standing, PANEL_LOWER_EDGE + 30)).toBeGreaterThan(KIOSK_RULES.reach);
  });

  it('is the whole height of a lying panel, which is not lowered', () => {
    const lying = { inches: 32, width: 1920, height: 1080 };
    // 32 inches of 16:9 are 39.85 cm high.
    expect(highestTouch(lying, 80)).toBeCloseTo(80 + 39.85, 1);
  });
});
