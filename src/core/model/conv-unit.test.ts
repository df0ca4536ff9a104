import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConvUnitOptions, convUnit } from './conv-unit.ts';

beforeAll(() => tf.setBackend('cpu'));

const x = () => tf.tensor4d([1, -2, 3, 4, -5, 5.5, 7, 8, -9], [1, 3, 3, 1]);

describe('convUnit', () => {
  it('adds bias and shortcut before it cuts off below zero and above six', async () => {
    const identity = tf.tensor4d([1], [1, 1, 1, 1]);
    const options: ConvUnitOptions = { stride: 1, pad: 0, depthwise: false, activation: 'relu6' };
    const y = convUnit(x(), identity, tf.tensor1d([0.5]), tf.onesLike(x()), options);
    expect(Array.from(await y.data())).toEqual([2.5, 0, 4.5, 5.5, 0, 6, 6, 6, 0]);
  });

  it('multiplies what is below zero by its channel’s slope, and gives the slope its gradient', async () => {
    const identity = tf.tensor4d([1], [1, 1, 1, 1]);
    const options: ConvUnitOptions = { stride: 1, pad: 0, depthwise: false, activation: 'prelu' };
    const unit = (input: tf.Tensor, slope: tf.Tensor) =>
      convUnit(input as tf.Tensor4D, identity, tf.tensor1d([1]), undefined, options, slope as tf.Tensor1D);
    const slope = tf.tensor1d([0.5]);
    expect(Array.from(await unit(x(), slope).data())).toEqual([2, -0.5, 4, 5, -2, 6.5, 8, 9, -4]);
    const [dx, dslope] = tf.grads((input, own) => tf.sum(unit(input, own)))([x(), slope]);
    expect(Array.from(await dx!.data())).toEqual([1, 0.5, 1, 1, 0.5, 1, 1, 1, 0.5]);
    // The sum of what lies below zero: -1 - 4 - 8.
    expect(Array.from(await dslope!.data())).toEqual([-13]);
  });

  it('lets no gradient through where the result is cut off', async () => {
    const identity = tf.tensor4d([1], [1, 1, 1, 1]);
    const options: ConvUnitOptions = { stride: 1, pad: 0, depthwise: true, activation: 'relu6' };
    const gradient = tf.grad((input: tf.Tensor) =>
      tf.sum(convUnit(input as tf.Tensor4D, identity, tf.tensor1d([0]), undefined, options)),
    )(x());
    expect(Array.from(await gradient.data())).toEqual([1, 0, 1, 1, 0, 1, 0, 0, 0]);
  });
});
