import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, fromColumn, type Json, toColumn } from './columns.ts';

/** As they come back from a file. */
const backAgain = (rows: readonly Json[]): readonly Json[] =>
  fromColumn(JSON.parse(JSON.stringify(toColumn(rows))) as Column, rows.length);

describe('rows laid out by column', () => {
  it('come back as JSON itself gives them back, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 })), (rows) => {
        expect(backAgain(rows as Json[])).toEqual(JSON.parse(JSON.stringify(rows)));
      }),
      { numRuns: 500 },
    );
  });

  it('come back where records have the same keys, some of them missing, null or empty', () => {
    const record = fc.record(
      {
        id: fc.uuid(),
        demo: fc.boolean(),
        identity: fc.record(
          {
            name: fc.string(),
            access: fc.option(fc.record({ tag: fc.string(), salt: fc.string() })),
            templates: fc.array(fc.record({ modelHash: fc.constantFrom('a', 'b') })),
            formerIds: fc.array(fc.uuid()),
          },
          { requiredKeys: ['name', 'access', 'templates'] },
        ),
      },
      { requiredKeys: ['id', 'demo', 'identity'] },
    );
    fc.assert(
      fc.property(fc.array(record), (rows) => {
        expect(backAgain(rows as unknown as Json[])).toEqual(JSON.parse(JSON.stringify(rows)));
      }),
    );
  });

  it('leave out a key whose value is undefined, as JSON does', () => {
    const rows = [{ a: 1, b: undefined }, { a: 1 }] as unknown as Json[];
    expect(backAgain(rows)).toEqual([{ a: 1 }, { a: 1 }]);
    expect(Object.keys(backAgain(rows)[0]!)).toEqual(['a']);
  });

  it('keep a key that would change an object’s prototype a key', () => {
    const rows = [JSON.parse('{"__proto__": {"x": 1}}') as Json];
    expect(JSON.stringify(backAgain(rows))).toBe('[{"__proto__":{"x":1}}]');
  });

  it('hold what records repeat once', () => {
    const hash = 'f'.repeat(64);
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      id: i,
      templates: [{ modelHash: hash, at: '2026-11-29T10:00:00.000Z' }],
    }));
    const text = JSON.stringify(toColumn(rows));
    expect(text.split(hash)).toHaveLength(2);
    expect(text.length).toBeLessThan(JSON.stringify(rows).length / 10);
  });
});
