import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

describe('placeOf', () => {
  const screen = { width: 1080, height: 1920 };
  const box = (x: number, y: number) => ({ left: x - 50, top: y - 20, width: 100, height: 40 });
  it.each([
    [60, 1850, 'bottom-left'],
    [540, 960, 'middle-centre'],
    [800, 1290, 'bottom-right'],
    [1000, 60, 'top-right'],
    [540, 1279, 'middle-centre'],
  ] as const)('tells that (%i, %i) is %s', (x, y, place) => {
    expect(placeOf(box(x, y), screen)).toBe(place);
  });
});
