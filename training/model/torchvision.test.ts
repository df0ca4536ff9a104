import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import { type HostTensor, initialWeights } from '@rounz/core/model/weights.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors } from './safetensors.ts';
import { adoptTorchvision } from './torchvision.ts';

const folder = mkdtempSync(join(tmpdir(), 'safetensors-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file as the format's description has it. */
function write(name: string, header: object, data: Buffer): string {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat([length, json, data]));
  return file;
}

describe('a safetensors file', () => {
  it('gives each type as float32', () => {
    const data = Buffer.alloc(4 + 4 + 2 + 2);
    data.writeFloatLE(1.5, 0);
    data.writeFloatLE(-2.25, 4);
    data.writeUInt16LE(0x3e00, 8); // float16 1.5
    data.writeUInt16LE(0xc010, 10); // bfloat16 -2.25
    const file = write(
      'types.safetensors',
      {
        __metadata__: { format: 'pt' },
        a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
        b: { dtype: 'F16', shape: [1], data_offsets: [8, 10] },
        c: { dtype: 'BF16', shape: [1], data_offsets: [10, 12] },
      },
      data,
    );
    const tensors = readSafetensors(file);
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c']);
    expect(tensors.get('a')!().shape).toEqual([2, 1]);
    expect([...tensors.values()].map((read) => [...read().data])).toEqual([[1.5, -2.25], [1.5], [-2.25]]);
  });

  it.each(['I32', 'BOOL', 'U8', 'F8_E4M3'])('reads beside a tensor of %s that nobody asks for', (dtype) => {
    const header = {
      'bn1.num_batches_tracked': { dtype, shape: [1], data_offsets: [0, 4] },
      a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
    };
    const tensors = readSafetensors(write(`${dtype}.safetensors`, header, Buffer.alloc(8)));
    expect([...tensors.get('a')!().data]).toEqual([0]);
  });

  it('is refused with its reason where it is damaged', () => {
    const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    writeFileSync(join(folder, 'short'), 'abc');
    expect(() => readSafetensors(join(folder, 'short'))).toThrow(/shorter/);
    const bad = Buffer.alloc(16, 0xff);
    writeFileSync(join(folder, 'long'), bad);
    expect(() => readSafetensors(join(folder, 'long'))).toThrow(/header/);
    expect(() => readSafetensors(write('cut', { a: entry }, Buffer.alloc(4))).get('a')!()).toThrow(
      /a should have 8 bytes/,
    );
    expect(() =>
      readSafetensors(write('type', { a: { ...entry, dtype: 'U4' } }, Buffer.alloc(8))).get('a')!(),
    ).toThrow(/U4/);
    expect(() =>
      readSafetensors(write('shape', { a: { ...entry, shape: -1 } }, Buffer.alloc(8))).get('a')!(),
    ).toThrow(/entry of a/);
  });
});

describe('weights in torchvision’s naming', () => {
  const plan = planNetwork({ ...RESNET50, blocks: [1, 1, 1, 1], width: 4, embeddingSize: 8 });
  const rng = createRng(1);
  const start = initialWeights(plan, () => rng.next());

  /** The same network as torchvision would save it: OIHW, its own names, a classifier. */
  function foreign(): Map<string, () => HostTensor> {
    const parts: Record<string, string> = {
      gamma: 'weight',
      beta: 'bias',
      mean: 'running_mean',
      variance: 'running_var',
    };
    const file = new Map<string, () => HostTensor>();
    for (const [name, { shape }] of start) {
      if (name.startsWith('embedding')) continue;
      const dot = name.lastIndexOf('.');
      const [layer, part] = [name.slice(0, dot), name.slice(dot + 1)];
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: size }, (_, i) => i);
      if (part !== 'kernel') file.set(`${layer}.${parts[part]}`, () => ({ shape, data: values }));
      else {
        const turned = [shape[3]!, shape[2]!, shape[0]!, shape[1]!];
        file.set(`${layer}.weight`, () => ({ shape: turned, data: values }));
      }
    }
    for (const name of ['fc.weight', 'bn1.num_batches_tracked'])
      file.set(name, () => {
        throw new Error(`${name} is not needed`);
      });
    return file;
  }

  it('are turned from OIHW to HWIO; the classifier is left out and the embedding stays random', () => {
    const { weights, kept, unused } = adoptTorchvision(plan, start, foreign());
    const { shape, data } = weights.get('conv1.kernel')!;
    const [height, width, inputs, outputs] = shape as [number, number, number, number];
    const [o, i, y, x] = [outputs - 1, 1, 2, height - 3];
    const inTheirOrder = ((o * inputs + i) * height + y) * width + x;
    expect(data[((y * width + x) * inputs + i) * outputs + o]).toBe(inTheirOrder);
    expect(weights.get('bn1.variance')!.data[1]).toBe(1);
    expect(kept.every((name) => name.startsWith('embedding'))).toBe(true);
    expect(unused.map((line) => line.split(' ')[0])).toEqual(['fc.weight', 'bn1.num_batches_tracked']);
  });

  it('are refused with every tensor that does not fit by name', () => {
    const file = foreign();
    file.delete('layer2.0.conv2.weight');
    file.set('conv1.weight', () => ({ shape: [4, 3, 3, 3], data: new Float32Array(108) }));
    file.set('stem.weight', () => ({ shape: [1], data: new Float32Array(1) }));
    expect(() => adoptTorchvision(plan, start, file)).toThrow(
      /conv1\.weight is \[4,3,3,3\].*layer2\.0\.conv2\.kernel.*stem\.weight/s,
    );
  });
});
