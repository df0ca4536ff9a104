import { describe, expect, it } from 'vitest';
import { buildHead } from '../head/head.ts';
import { EXPRESSIONS } from '../person/expression.ts';
import { createIdentity } from '../person/identity.ts';
import { buildEyewear, FRAMES } from './eyewear.ts';

describe('buildEyewear', () => {
  it('keeps every lens before the skin, for every model and many faces', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const identity = createIdentity(seed);
      for (const expression of [EXPRESSIONS.neutral, EXPRESSIONS.smile]) {
        const head = buildHead(identity, expression);
        for (const kind of ['glasses', 'horn-rimmed', 'sunglasses'] as const) {
          for (let variant = 0; variant < FRAMES[kind].length; variant++) {
            for (const mesh of buildEyewear(identity, head, kind, variant)) {
              if (mesh.material !== 'lens') continue;
              for (let n = 0; n < mesh.position.length; n += 21) {
                const [x, y, z] = mesh.position.subarray(n, n + 3) as unknown as [number, number, number];
                // beside the nose the pads hold the frame: the rim may touch there
                if (Math.abs(x) < 0.14) continue;
                expect(
                  z,
                  `seed ${seed} ${kind} ${variant} at ${x.toFixed(2)}, ${y.toFixed(2)}`,
                ).toBeGreaterThan(head.frontZ(x, y));
              }
            }
          }
        }
      }
    }
  });
});
