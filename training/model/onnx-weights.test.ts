import { createRng } from '@rounz/core/math/random.ts';
import { convUnits, MOBILENET, planNetwork } from '@rounz/core/model/architecture.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import type { MobileNetArchitecture } from '@rounz/core/model/manifest.ts';
import { type HostTensor, initialWeights } from '@rounz/core/model/weights.ts';
import { describe, expect, it } from 'vitest';
import { Message } from '../util/protobuf.ts';
import { toOnnx } from './onnx.ts';
import { readOnnxWeights } from './onnx-weights.ts';

const architecture: MobileNetArchitecture = {
  ...MOBILENET,
  width: 4,
  blocks: [{ outputs: 6, stride: 2 }],
  head: { neck: 3, side: 8, outputs: 5 },
  embeddingSize: 7,
};

/** A model whose one initialiser is given as a list of floats, not as raw bytes. */
function withFloatList(shape: readonly number[], values: readonly number[]): Uint8Array {
  const tensor = new Message();
  for (const side of shape) tensor.varint(1, side);
  tensor.varint(2, 1).string(8, 'weight');
  tensor.bytes(4, new Uint8Array(Float32Array.from(values).buffer));
  return new Message().message(7, new Message().message(5, tensor)).finish();
}

describe('readOnnxWeights', () => {
  it('gives back every weight that the exporter wrote', () => {
    const rng = createRng(2);
    const plan = planNetwork(architecture);
    const folded = foldWeights(
      plan,
      initialWeights(plan, () => rng.next()),
    );
    const read = readOnnxWeights(toOnnx(plan, folded, 16), 'model.onnx');
    for (const { conv, outputs, kernel, inputs, depthwise } of convUnits(plan)) {
      expect(read.get(`${conv}.kernel`)!.shape).toEqual([outputs, depthwise ? 1 : inputs, kernel, kernel]);
      expect([...read.get(`${conv}.bias`)!.data]).toEqual([...folded.get(`${conv}.bias`)!.data]);
    }
    expect([...read.get('stem.slope')!.data]).toEqual([...folded.get('stem.slope')!.data]);
    // Whole numbers beside the weights are none.
    expect([...read.values()].every(({ data }: HostTensor) => data instanceof Float32Array)).toBe(true);
  });

  it('reads values that stand in a list of floats', () => {
    const weight = readOnnxWeights(withFloatList([2, 2], [1, -2, 3.5, 4]), 'model.onnx').get('weight')!;
    expect(weight).toEqual({ shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 4) });
  });

  it('refuses a file that is damaged, and one that is none', () => {
    expect(() => readOnnxWeights(withFloatList([2, 3], [1, 2]), 'a.onnx')).toThrow(
      'a.onnx is damaged: weight has 2 values, and [2,3] are 6.',
    );
    expect(() => readOnnxWeights(withFloatList([2], [1, 2]).slice(0, -3), 'a.onnx')).toThrow(
      /ends in the middle/,
    );
    expect(() => readOnnxWeights(new Uint8Array(), 'a.onnx')).toThrow('a.onnx holds no weights');
  });
});
