import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
/** The value of a custom property, as written first (portrait). */
const token = (name: string): string => {
  const found = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1];
  if (!found) throw new Error(`tokens.css has no --${name}`);
  return found.trim();
};

/** WCAG 2.2, relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('the theme', () => {
  it.each([
    ['ink', 'paper'],
    ['ink', 'surface'],
    ['soft', 'paper'],
    ['soft', 'surface'],
    ['soft', 'sand'],
    ['soft', 'line'],
    ['accent', 'paper'],
    ['accent', 'accent-wash'],
    ['accent-deep', 'accent-wash'],
    ['paper', 'accent'],
    ['paper', 'ink'],
    ['tortoise', 'sand'],
    ['tortoise', 'paper'],
    ['surface', 'tortoise'],
    ['alert', 'paper'],
    ['alert', 'alert-wash'],
    ['alert', 'surface'],
    ['surface', 'alert'],
  ])('%s on %s has a contrast of 4.5 or more', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it('draws the borders of what can be touched with a contrast of 3 or more', () => {
    expect(contrast(token('line-strong'), token('paper'))).toBeGreaterThanOrEqual(3);
    expect(contrast(token('line-strong'), token('surface'))).toBeGreaterThanOrEqual(3);
  });

  it('meets the kiosk rules on a 32-inch portrait panel: text of 12 mm, touch targets of 20 mm', () => {
    const millimetresPerPixel = (32 * 25.4) / Math.hypot(1080, 1920);
    const millimetres = (rem: string) => Number.parseFloat(rem) * 16 * millimetresPerPixel;
    for (const size of ['text-s', 'text-m', 'text-l'])
      expect(millimetres(token(size))).toBeGreaterThanOrEqual(12);
    expect(millimetres(token('touch'))).toBeGreaterThanOrEqual(20);
  });
});
