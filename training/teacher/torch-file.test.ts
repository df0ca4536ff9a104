import { describe, expect, it } from 'vitest';
import { readStateDict } from './torch-file.ts';

const u8 = (value: number): Buffer => Buffer.from([value]);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from('X'), u32(Buffer.byteLength(value)), Buffer.from(value)]);
const int = (value: number): Buffer => Buffer.concat([Buffer.from('J'), u32(value)]);
const global = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`);
const tuple = (...items: Buffer[]): Buffer => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
const pickle = (...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from('.')]);

interface Written {
  kind?: string;
  key: string;
  offset?: number;
  shape: number[];
  strides: number[];
}

function tensor({ kind = 'FloatStorage', key, offset = 0, shape, strides }: Written): Buffer {
  const id = tuple(text('storage'), global('torch', kind), text(key), text('cpu'), int(9), Buffer.from('N'));
  const hooks = Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')R')]);
  const args = tuple(
    Buffer.concat([id, Buffer.from('Q')]),
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    u8(0x89),
    hooks,
  );
  return Buffer.concat([global('torch._utils', '_rebuild_tensor_v2'), args, Buffer.from('R')]);
}

/** A file as torch wrote it, with a memo entry and an attribute of the dictionary as real ones have them. */
function file(
  tensors: Record<string, Written>,
  storages: [key: string, values: Buffer, count: number][],
): Buffer {
  const entries = Object.entries(tensors).flatMap(([name, one]) => [text(name), tensor(one)]);
  const dictionary = Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')Rq\x00(')]);
  const attributes = Buffer.concat([Buffer.from('u}'), text('_metadata'), Buffer.from('h\x00sb')]);
  return Buffer.concat([
    pickle(Buffer.from([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])),
    pickle(Buffer.from('M'), Buffer.from([0xe9, 3])),
    pickle(Buffer.from('}('), text('little_endian'), u8(0x88), Buffer.from('u')),
    pickle(dictionary, ...entries, attributes),
    pickle(Buffer.from(']('), ...storages.map(([key]) => text(key)), Buffer.from('e')),
    ...storages.flatMap(([, values, count]) => {
      const length = Buffer.alloc(8);
      length.writeBigInt64LE(BigInt(count));
      return [length, values];
    }),
  ]);
}

const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const longs = (...values: bigint[]): Buffer => Buffer.from(BigInt64Array.from(values).buffer);

const plain = { key: 'a', shape: [2, 2], strides: [2, 1] };
const storage: [string, Buffer, number] = ['a', floats(1, -2, 3.5, 4, 5), 5];

describe('readStateDict', () => {
  it('reads floats and integers, from where they begin in a shared storage', () => {
    const bytes = file(
      {
        'conv.weight': plain,
        'conv.bias': { key: 'a', offset: 4, shape: [1], strides: [1] },
        'norm.num_batches_tracked': { kind: 'LongStorage', key: 'b', shape: [], strides: [] },
      },
      [storage, ['b', longs(70_000n), 1]],
    );
    expect([...readStateDict(bytes, 'model.pt')]).toEqual([
      ['conv.weight', { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 4) }],
      ['conv.bias', { shape: [1], data: Float32Array.of(5) }],
      ['norm.num_batches_tracked', { shape: [], data: Float32Array.of(70_000) }],
    ]);
  });

  it.each([
    ['another kind of file', Buffer.from('PK\x03\x04 a newer file'), /opcode 0x50 is not read/],
    [
      'doubles',
      file({ a: { ...plain, kind: 'DoubleStorage' } }, [storage]),
      /storage of torch.DoubleStorage/,
    ],
    ['turned tensors', file({ a: { ...plain, strides: [1, 2] } }, [storage]), /do not lie in their order/],
    ['a tensor beyond its storage', file({ a: { ...plain, offset: 2 } }, [storage]), /beyond its storage/],
    ['a file cut short', file({ a: plain }, [storage]).subarray(0, -4), /beyond the file's end/],
    ['something behind the end', Buffer.concat([file({ a: plain }, [storage]), u8(0)]), /1 bytes behind/],
    [
      'a call of anything else',
      Buffer.concat([pickle(global('os', 'system'), tuple(text('true')), Buffer.from('R'))]),
      /wants os.system called/,
    ],
    ['an opcode of newer protocols', pickle(Buffer.from([0x93])), /opcode 0x93 is not read/],
    ['another protocol', Buffer.from([0x80, 4, 0x2e]), /protocol 4, not 2/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readStateDict(bytes, 'model.pt')).toThrow(message);
    expect(() => readStateDict(bytes, 'model.pt')).toThrow(/^model.pt is no state dict that can be read/);
  });
});
