import * as tf from '@tensorflow/tfjs';
import type { OptimiserConfig } from '../recipes/schema.ts';
import { parameterOps } from './parameter-ops.ts';

/** Weight decay spares norms and biases: every tensor of one axis (Goyal et al. 2017, section 5.3; He et al. 2019). */
const decays = (variable: tf.Variable): boolean => variable.shape.length > 1;

/** Follows gradients. Its state (`slots`) goes into the checkpoint under the names given here. */
export class Optimiser {
  private readonly config: OptimiserConfig;
  private readonly state = new Map<string, tf.Variable>();
  private readonly ops = parameterOps();
  private steps = 0;

  constructor(config: OptimiserConfig) {
    this.config = config;
  }

  /**
   * @param variables trainable variables by their own names
   * @param gradients by the names of the variables' tensors (`variable.name`), as `tf.variableGrads` gives them
   * @param rate learning rate of this step, by variable; multiplied by the kernel's own size where rates are relative
   * @returns length of the whole gradient before it was clipped (Pascanu et al. 2013)
   */
  async step(
    variables: ReadonlyMap<string, tf.Variable>,
    gradients: tf.NamedTensorMap,
    rate: (name: string) => number,
  ): Promise<number> {
    this.steps++;
    const given = [...variables].flatMap(([name, variable]) => {
      const gradient = gradients[variable.name];
      return gradient ? [{ name, variable, gradient }] : [];
    });
    const { config } = this;
    const relative = config.kind === 'adamw' ? config.relative : undefined;
    const sized = relative ? given.filter(({ variable }) => decays(variable)) : [];
    const sums = await this.ops.squareSums([
      ...given.map(({ gradient }) => gradient),
      ...sized.map(({ variable }) => variable),
    ]);
    const norm = Math.sqrt(sums.slice(0, given.length).reduce((total, sum) => total + sum, 0));
    const gain = Math.min(1, config.clipNorm / Math.max(norm, Number.MIN_VALUE));
    const sizes = new Map(
      sized.map(({ name, variable }, i) => [name, Math.sqrt(sums[given.length + i]! / variable.size)]),
    );
    for (const { name, variable, gradient } of given) {
      const scale = relative ? (sizes.get(name) ?? relative.vectorRate / config.rate) : 1;
      this.update(name, variable, gradient, rate(name) * scale, gain);
    }
    return norm;
  }

  /** The state by name, with the number of steps as `steps`. */
  slots(): ReadonlyMap<string, tf.Variable> {
    return this.state;
  }

  get stepCount(): number {
    return this.steps;
  }

  restore(slots: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>, steps: number): void {
    this.steps = steps;
    for (const [name, { shape, data }] of slots)
      this.slot(name, [...shape]).assign(tf.tensor(data, [...shape]));
  }

  dispose(): void {
    for (const slot of this.state.values()) slot.dispose();
    this.state.clear();
  }

  private update(name: string, variable: tf.Variable, gradient: tf.Tensor, rate: number, gain: number): void {
    const { config } = this;
    const decay = config.kind !== 'adam' && decays(variable) ? config.weightDecay : 0;
    if (config.kind === 'sgd') {
      const velocity = this.slot(`${name}/velocity`, variable.shape);
      this.ops.momentum(variable, gradient, velocity, {
        rate,
        momentum: config.momentum,
        decay,
        nesterov: config.nesterov,
        gain,
      });
      return;
    }
    this.ops.adam(
      variable,
      gradient,
      this.slot(`${name}/first`, variable.shape),
      this.slot(`${name}/second`, variable.shape),
      {
        rate,
        beta1: config.beta1,
        beta2: config.beta2,
        correction1: 1 - config.beta1 ** this.steps,
        correction2: 1 - config.beta2 ** this.steps,
        epsilon: config.epsilon,
        decay,
        gain,
      },
    );
  }

  private slot(name: string, shape: number[]): tf.Variable {
    let slot = this.state.get(name);
    if (slot && slot.shape.join() !== shape.join()) {
      // The variable is another one now (class centres of other people): its history means nothing.
      slot.dispose();
      slot = undefined;
    }
    if (!slot) {
      slot = tf.tidy(() => tf.variable(tf.zeros(shape), false));
      this.state.set(name, slot);
    }
    return slot;
  }
}
