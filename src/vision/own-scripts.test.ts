import { expect, it } from 'vitest';
import { ownScript } from './own-scripts.ts';

it('own scripts: an address outside of the kiosk’s folder is refused', () => {
  const base = 'https://kiosk.example/shop/index.html?lang=en#/staff';
  expect(ownScript('sw.js', base)).toBe('https://kiosk.example/shop/sw.js');
  expect(ownScript('https://kiosk.example/shop/assets/a.js', base)).toMatch(/a.js$/);
  for (const address of [
    'https://elsewhere.example/sw.js',
    '/other/sw.js',
    '../sw.js',
    'data:text/javascript,alert(1)',
    'blob:https://kiosk.example/1',
    'javascript:alert(1)',
  ])
    expect(() => ownScript(address, base), address).toThrow(/not the kiosk’s own/);
});
