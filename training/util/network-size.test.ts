import { MOBILEFACENET, planNetwork, RESNET50, TRANSPLANT_RESNET50 } from '@rounz/core/model/architecture.ts';
import { expect, it } from 'vitest';
import { networkSize } from './network-size.ts';

it('networkSize counts ResNet-50 as its authors do: 4.1 billion multiply-adds at 224x224, 23.5 million weights below its last layer', () => {
  const { weights, multiplyAdds } = networkSize(planNetwork(RESNET50), 224);
  expect(multiplyAdds / 1e9).toBeCloseTo(4.09, 1);
  expect((weights - 2049 * 512) / 1e6).toBeCloseTo(23.5, 1);
});

it('networkSize counts both recognisers', () => {
  const light = networkSize(planNetwork(MOBILEFACENET), 112);
  expect(light.weights / 1e6).toBeCloseTo(1.2, 1);
  expect(light.multiplyAdds / 1e9).toBeCloseTo(0.234, 3);
  const large = networkSize(planNetwork(TRANSPLANT_RESNET50), 112);
  expect(large.weights / 1e6).toBeCloseTo(26.1, 1);
});
