import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Message } from '../util/protobuf.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { EventWriter, tfRecord } from './tensorboard.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'events-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crc32c', () => {
  // RFC 3720, appendix B.4
  it.each([
    ['32 bytes of zero', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['ascending', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['descending', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
  ])('agrees with the standard on %s', (_, bytes, wanted) => {
    expect(crc32c(bytes)).toBe(wanted);
  });

  it('is masked by a rotation and an addition', () => {
    const bytes = new TextEncoder().encode('123456789');
    const crc = 0xe3069283n;
    const wanted = (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;
    expect(maskedCrc32c(bytes)).toBe(Number(wanted));
  });
});

describe('Message', () => {
  it('encodes as the protobuf documentation shows', () => {
    expect(hex(new Message().varint(1, 150).finish())).toBe('089601');
    expect(hex(new Message().string(2, 'testing').finish())).toBe('120774657374696e67');
    expect(hex(new Message().message(3, new Message().varint(1, 150)).finish())).toBe('1a03089601');
  });

  it('keeps whole numbers beyond 32 bits', () => {
    // 2^40 = 1 followed by 40 zero bits: five groups of seven, then bit 5 of the sixth byte
    expect(hex(new Message().varint(1, 2 ** 40).finish())).toBe('08808080808020');
  });

  it('refuses what is no whole number', () => {
    expect(() => new Message().varint(1, -1)).toThrow(RangeError);
    expect(() => new Message().varint(1, 0.5)).toThrow(RangeError);
  });
});

describe('EventWriter', () => {
  /** Cuts a file into records by their lengths alone. */
  function records(file: string): Uint8Array[] {
    const bytes = readFileSync(file);
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = Number(bytes.readBigUInt64LE(at));
      expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
      const data = bytes.subarray(at + 12, at + 12 + length);
      expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
      found.push(data);
      at += 12 + length + 4;
    }
    return found;
  }

  it('writes the bytes that the format asks for', () => {
    const writer = new EventWriter(folder, { now: () => 1.5 });
    writer.scalar('loss', 300, 0.25);
    writer.close();
    const [version, scalar] = records(writer.file);
    // By hand: 09 = field 1 as double, 1.5 = 3ff8...; 10 = field 2 as varint; 1a = field 3 as bytes.
    const time = '09000000000000f83f';
    expect(hex(version!)).toBe(`${time}10001a0d${hex(new TextEncoder().encode('brain.Event:2'))}`);
    // 300 = ac02; 2a = field 5; 0a = value; 0a 04 'loss'; 15 = field 2 as float, 0.25 = 3e800000.
    expect(hex(scalar!)).toBe(`${time}10ac022a0d0a0b0a046c6f7373150000803e`);
  });

  it('says where a resumed run goes on', () => {
    const writer = new EventWriter(folder, { now: () => 1.5, resumeAt: 5 });
    writer.close();
    // field 7 (session_log), two bytes: field 1 = START
    expect(hex(records(writer.file)[1]!)).toBe('09000000000000f83f10053a020801');
  });

  it('leaves out what is no number and never writes over a file', () => {
    const first = new EventWriter(folder, { now: () => 7 });
    const second = new EventWriter(folder, { now: () => 7 });
    first.scalars(1, { a: Number.NaN, b: undefined, c: 2 });
    first.close();
    second.close();
    expect(readdirSync(folder)).toHaveLength(2);
    expect(hex(records(first.file)[1]!).endsWith('2a0a0a080a01631500000040')).toBe(true);
  });

  it('frames any data', () => {
    expect(tfRecord(new Uint8Array(0))).toHaveLength(16);
  });
});
