import { describe, expect, it } from 'vitest';
import { endReloads, type Memory, noteReload, readReloads } from './reload-note.ts';

function memory(text: string | null = null, writable = true): Memory & { text: () => string | null } {
  let kept = text;
  return {
    read: () => kept,
    write: (next) => {
      if (writable) kept = next;
      return writable;
    },
    text: () => kept,
  };
}

describe('the note of reloads', () => {
  it('counts them in a row and keeps the newest reasons', () => {
    const one = memory();
    for (let i = 0; i < 12; i++) expect(noteReload(one, `at-${i}`, `why-${i}`)).toBe(true);
    expect(readReloads(one).count).toBe(12);
    expect(readReloads(one).last.map(({ why }) => why)).toEqual([
      'why-7',
      'why-8',
      'why-9',
      'why-10',
      'why-11',
    ]);
    endReloads(one);
    expect(readReloads(one)).toMatchObject({ count: 0, last: { length: 5 } });
  });

  it('takes a damaged note for none, and says when nothing can be kept', () => {
    for (const text of ['', '{', 'null', '{"count":-1,"last":[]}', '{"count":1e99,"last":[]}', '[]'])
      expect(readReloads(memory(text))).toEqual({ count: 0, last: [] });
    expect(noteReload(memory(null, false), 'at', 'why')).toBe(false);
  });
});
