import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TensorEntry } from '@rounz/core/model/file-entries.ts';
import { packWeights, unpackWeights } from '@rounz/core/model/weight-file.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeList, readChallengePairs, readTrainMeta } from '../../training/data/challenge-files.ts';
import { conditionOf } from '../../training/data/kface-condition.ts';
import { parseKfaceLandmarks } from '../../training/data/kface-landmarks.ts';
import { readSplits, SPLIT_FILE } from '../../training/data/splits.ts';
import { filesOf } from '../../training/data/tar.ts';
import { decodeList } from '../../training/data/text-list.ts';
import { readSafetensors } from '../../training/model/safetensors.ts';
import { readStateDict } from '../../training/teacher/torch-file.ts';
import { damaged, parsed, parsedLater, runs } from './cases.ts';

/** Files that the trainer and the evaluation are given. */

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
beforeAll(() => {
  for (const part of ['train', 'validate', 'test']) mkdirSync(join(folder, part));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (maxLength = 600) => fc.uint8Array({ maxLength });
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('0', '1', 'a.jpg', '19062421', 'image1')), {
      maxLength: 5,
    })
    .map((cells) => cells.join(',')),
);
const textOf = (headers: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...headers),
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([header, lines, end]) => [header, ...lines].join(end));

describe('lists', () => {
  it('text: any bytes are text or refused with their line', () => {
    fc.assert(
      fc.property(bytes(), (given) => {
        parsed(() => decodeList(given, 'list.tsv'));
      }),
      runs(),
    );
  });

  it('challenge: a training list of any kind is read or refused', () => {
    fc.assert(
      fc.property(textOf(['file,id,accessory', 'image,person,bare', '', 'image1,image2,label']), (text) => {
        writeFileSync(challengeList(folder, 'train'), text);
        parsed(() => readTrainMeta(folder));
      }),
      runs(0.5),
    );
  });

  it('challenge: a list of pairs of any kind is read or refused', () => {
    fc.assert(
      fc.property(textOf(['image1,image2,label', '', 'a,b']), (text) => {
        writeFileSync(challengeList(folder, 'validate'), text);
        const read = parsed(() => readChallengePairs(folder, 'validate'));
        for (const { label } of read?.pairs ?? []) expect([0, 1]).toContain(label);
      }),
      runs(0.5),
    );
  });

  it('splits: any text is read or refused, and nobody is in two parts', () => {
    const row = fc.tuple(fc.string({ maxLength: 6 }), fc.constantFrom('train', 'validate', 'test', 'x'));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        writeFileSync(join(folder, SPLIT_FILE), rows.map((cells) => cells.join('\t')).join('\n'));
        parsed(() => readSplits(folder));
      }),
      runs(0.5),
    );
  });

  it('K-FACE: any path has a condition or none, any text has landmarks or is refused', () => {
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9]{8}\/S00\d\/L\d+\/E0\d\/C\d+\.jpg$/),
    );
    const numbers = fc.array(fc.array(fc.oneof(fc.double(), fc.integer()), { maxLength: 5 }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(
        path,
        fc.oneof(
          fc.string({ unit: 'binary' }),
          numbers.map((rows) => rows.map((row) => row.join('\t')).join('\n')),
        ),
        (name, text) => {
          conditionOf(name);
          const marks = parsed(() => parseKfaceLandmarks(text));
          if (marks) expect(Number.isFinite(marks.nose.x)).toBe(true);
        },
      ),
      runs(),
    );
  });
});

/** A plain tar of one file. */
function tarOf(name: string, body: Buffer): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512), Buffer.alloc(1024)]);
}

describe('archives and weights', () => {
  it('tar: whole, cut, changed or made up, it is read or refused', async () => {
    const whole = tarOf('ann/1.jpg', Buffer.from('picture'));
    const read = async (given: Uint8Array) => {
      const paths: string[] = [];
      for await (const { path } of filesOf(Readable.from([Buffer.from(given)]))) paths.push(path);
      return paths;
    };
    expect(await read(whole)).toEqual(['ann/1.jpg']);
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(whole), bytes(2000)), async (given) => {
        await parsedLater(() => read(given));
      }),
      runs(0.5),
    );
  });

  it('safetensors: any file gives tensors or is refused', () => {
    const file = join(folder, 'x.safetensors');
    const header = Buffer.from('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const whole = Buffer.concat([length, header, Buffer.alloc(8)]);
    fc.assert(
      fc.property(fc.oneof(damaged(whole), bytes()), (given) => {
        writeFileSync(file, given);
        const tensors = parsed(() => readSafetensors(file));
        for (const read of tensors?.values() ?? [])
          parsed(() => {
            const { shape, data } = read();
            expect(data).toHaveLength(shape.reduce((product, side) => product * side, 1));
          });
      }),
      runs(0.5),
    );
  });

  it('torch: any bytes are a state dict or refused', () => {
    const opcodes = fc.array(
      fc.constantFrom(...Buffer.from('\x80\x02}(]q.XKMGNJ\x8a\x8atuscRQ\x85\x86\x87hb')),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          bytes(),
          opcodes.map((codes) => Uint8Array.from(codes)),
        ),
        (given) => {
          parsed(() => readStateDict(Buffer.from(given), 'x.pt'));
        },
      ),
      runs(),
    );
  });

  it('weights: packed and unpacked they are the same; entries that do not fit are refused', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
    const made = shape.chain((sides) => {
      const size = sides.reduce((product, side) => product * side, 1);
      return fc
        .float32Array({ minLength: size, maxLength: size, noNaN: true })
        .map((data) => ({ shape: sides, data }));
    });
    fc.assert(
      fc.property(made, fc.nat(64), bytes(64), (tensor, offset, garbage) => {
        const { bytes: packed, tensors } = packWeights(new Map([['a', tensor]]), 'float32');
        const buffer = packed.buffer.slice(
          packed.byteOffset,
          packed.byteOffset + packed.byteLength,
        ) as ArrayBuffer;
        expect(unpackWeights(tensors, buffer).get('a')?.data).toEqual(tensor.data);
        const moved = tensors.map((entry) => ({ ...entry, offset: entry.offset + offset })) as TensorEntry[];
        parsed(() => unpackWeights(moved, new Uint8Array(garbage).buffer));
      }),
      runs(),
    );
  });
});
