import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spellings, unsnappy, whereIn } from './profile-bytes.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the search of a profile', () => {
  it('decompresses snappy: literals, and copies that overlap themselves', () => {
    // "abcd" as a literal, then 8 bytes from 4 back, written by hand from the format's description.
    const packed = Buffer.from([12, 3 << 2, ...Buffer.from('abcd'), 1 | ((8 - 4) << 2), 4]);
    expect(unsnappy(packed).toString()).toBe('abcdabcdabcd');
    expect(() => unsnappy(packed.subarray(0, -1))).toThrow();
    expect(() => unsnappy(Buffer.from([4, 1, 9]))).toThrow();
  });

  it('finds a text that a log has cut in two', () => {
    const record = (payload: Buffer) => {
      const head = Buffer.alloc(7);
      head.writeUInt16LE(payload.length, 4);
      return Buffer.concat([head, payload]);
    };
    const first = Buffer.alloc(32_768 - 7, 120);
    first.write('Quarter', first.length - 7);
    writeFileSync(join(folder, '000003.log'), Buffer.concat([record(first), record(Buffer.from('main'))]));
    expect(whereIn(folder, [Buffer.from('Quartermain')])).toEqual(['000003.log (contents)']);
    expect(whereIn(folder, [Buffer.from('Quarterback')])).toEqual([]);
  });

  it('knows the ways in which a browser writes Hangul', () => {
    for (const written of [
      Buffer.from('지우'),
      Buffer.from('지우', 'utf16le'),
      Buffer.from('\\uc9c0\\uc6b0'),
    ]) {
      writeFileSync(join(folder, 'some.file'), written);
      expect(whereIn(folder, spellings('지우'))).toEqual(['some.file']);
    }
  });
});
