import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** Classes that a folder's style sheets give rules for on their own, not only below another class. */
function ownClasses(folder: string): Set<string> {
  const sheets = readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.css'),
  );
  const rules = sheets.flatMap((file) => {
    const text = readFileSync(join(src, folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    return [...text.matchAll(/(?:^|[{},;])\s*([^{},;@]+?)\s*(?=[,{])/g)].map(([, selector]) => selector!);
  });
  return new Set(rules.flatMap((selector) => /^\.([a-z][\w-]*)(?:$|[:[])/.exec(selector)?.[1] ?? []));
}

it('class names of the shopper’s and of staff’s screens, which are loaded together, differ', () => {
  const [kiosk, staff, ui] = ['kiosk', 'staff', 'ui'].map(ownClasses);
  expect(kiosk!.size).toBeGreaterThan(20);
  expect(staff!.size).toBeGreaterThan(20);
  expect([...staff!].filter((name) => kiosk!.has(name))).toEqual([]);
  // The theme gives the console sizes of its own by the console's name.
  expect([...staff!].filter((name) => ui!.has(name) && name !== 'staff')).toEqual([]);
});
