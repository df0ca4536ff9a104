import { expect, it } from 'vitest';
import { accessoryToName } from './accessories.ts';

it.each([
  [['eyewear', 'sunglasses'], 'sunglasses'],
  [['hat', 'mask'], 'mask'],
  [['hat'], 'hat'],
  [[], null],
] as const)('accessoryToName: of %j it names what hides most, %s', (worn, named) => {
  expect(accessoryToName(worn)).toBe(named);
});
