import { planNetwork } from '@rounz/core/model/architecture.ts';
import { describe, expect, it } from 'vitest';
import { RECIPES } from '../recipes/recipes.ts';
import { networkSize } from '../util/network-size.ts';
import { stepMultiplyAdds } from './step-times.ts';

const config = RECIPES['fine-tune']!;
const { byLayer, multiplyAdds } = networkSize(planNetwork(config.architecture), 112);

describe('stepMultiplyAdds', () => {
  it('counts each layer forward and twice backward', () => {
    expect(stepMultiplyAdds(config, 112)).toBe(3 * multiplyAdds);
  });

  it('counts frozen layers forward alone', () => {
    const first = byLayer.filter(({ layer }) => layer === 'conv1' || layer.startsWith('layer1.'));
    expect(first.length).toBeGreaterThan(3);
    const frozen = first.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
    expect(stepMultiplyAdds({ ...config, frozenStages: 1 }, 112)).toBe(3 * multiplyAdds - 2 * frozen);
  });
});
