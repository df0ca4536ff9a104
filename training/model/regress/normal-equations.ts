import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import { choleskyOf } from '../../util/cholesky.ts';

/** A last layer: [features, width] row-major, and [width]. */
export interface LastLayer {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Sums of a least-squares fit of targets on features with a constant 1 beside them. */
export class NormalEquations {
  private readonly features: number;
  private readonly width: number;
  private readonly gram: Float64Array;
  private readonly products: Float64Array;

  constructor(features: number, width: number) {
    this.features = features;
    this.width = width;
    this.gram = new Float64Array((features + 1) ** 2);
    this.products = new Float64Array((features + 1) * width);
  }

  /**
   * @param rows [batch, features + 1], the constant last
   * @param targets [batch, width]
   */
  async add(rows: tf.Tensor2D, targets: tf.Tensor2D): Promise<void> {
    const sums = tf.tidy(() => [tf.matMul(rows, rows, true), tf.matMul(rows, targets, true)] as const);
    const [gram, products] = await Promise.all(sums.map((one) => one.data<'float32'>()));
    tf.dispose([...sums]);
    gram!.forEach((value, i) => {
      this.gram[i]! += value;
    });
    products!.forEach((value, i) => {
      this.products[i]! += value;
    });
  }

  /** [features + 1, features + 1] */
  private gramMatrix(): Matrix {
    return Matrix.from1DArray(this.features + 1, this.features + 1, this.gram);
  }

  /** [features + 1, width] */
  private productMatrix(): Matrix {
    return Matrix.from1DArray(this.features + 1, this.width, this.products);
  }

  /**
   * Ridge regression (Hoerl and Kennard 1970); the constant is not penalised.
   *
   * @param ridge penalty, as a share of the features' mean square
   */
  solve(ridge: number): LastLayer {
    const size = this.features + 1;
    const gram = this.gramMatrix();
    const trace = gram.trace() - gram.get(size - 1, size - 1);
    for (let i = 0; i < this.features; i++) gram.set(i, i, gram.get(i, i) + (ridge * trace) / this.features);
    const solved = choleskyOf(gram).solve(this.productMatrix());
    return {
      kernel: Float32Array.from(solved.subMatrix(0, this.features - 1, 0, this.width - 1).to1DArray()),
      bias: Float32Array.from(solved.getRow(this.features)),
    };
  }
}
