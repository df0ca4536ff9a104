import * as tf from '@tensorflow/tfjs';
import { distillationLosses } from '../../loss/distillation.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

/** The teacher's embedding of the bare face is the target of the covered one. */
export class TeacherTerm implements LossTerm {
  private readonly config: LossConfig['distillation'];
  private readonly width: number;

  constructor(config: LossConfig['distillation'], width: number) {
    this.config = config;
    this.width = width;
  }

  variables() {
    return NO_VARIABLES;
  }

  losses({ embeddings, samples }: TermContext): TermValue[] {
    const targets = new Float32Array(samples.length * this.width);
    samples.forEach(({ target }, row) => {
      if (target) targets.set(target, row * this.width);
    });
    const present = tf.tensor1d(samples.map(({ target }) => (target ? 1 : 0)));
    const { direction, distance } = distillationLosses(
      embeddings,
      tf.tensor2d(targets, [samples.length, this.width]),
      present,
    );
    return [
      { name: 'distillation', value: direction, weight: this.config.weight },
      { name: 'distance', value: distance, weight: this.config.distanceWeight },
    ];
  }
}
