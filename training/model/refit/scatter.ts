import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';

interface Sum {
  count: number;
  readonly values: Float64Array;
}

export interface Scatters {
  /** mean covariance of the feature vectors about their person's mean, [D, D] */
  readonly within: Matrix;
  /** covariance of the people's means about the mean of their group, [D, D] */
  readonly between: Matrix;
  /** covariance of all vectors, [D, D] */
  readonly total: Matrix;
  /** mean of all vectors, [D] */
  readonly mean: Float64Array;
  /** of each group the mean of its people's means, [D] each */
  readonly groups: ReadonlyMap<string, Float64Array>;
  readonly people: number;
  readonly vectors: number;
}

/** Adds up what a discriminant needs, block by block, so that no feature vector is kept. */
export class ScatterSums {
  private readonly size: number;
  private readonly products: Float64Array;
  private readonly people = new Map<string, Sum & { readonly group: string }>();
  /** first block's mean: sums are kept about it, for differences of large numbers lose their digits */
  private origin: Float32Array | undefined;

  /** @param size length D of a feature vector */
  constructor(size: number) {
    this.size = size;
    this.products = new Float64Array(size * size);
  }

  /**
   * @param rows N feature vectors
   * @param people whose each of them is
   * @param groups what each was photographed as (its set): people are compared within it, so that how a set was made is
   *   never taken for what tells people apart
   */
  async add(
    rows: readonly Float32Array[],
    people: readonly string[],
    groups: readonly string[],
  ): Promise<void> {
    const { size } = this;
    this.origin ??= meanRow(rows, size);
    const { origin } = this;
    const centred = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      const key = `${groups[i]}/${people[i]}`;
      const sum = this.people.get(key) ?? { count: 0, values: new Float64Array(size), group: groups[i]! };
      sum.count++;
      for (let d = 0; d < size; d++) {
        const value = row[d]! - origin[d]!;
        centred[i * size + d] = value;
        sum.values[d]! += value;
      }
      this.people.set(key, sum);
    });
    await addProducts(this.products, centred, rows.length, size);
  }

  /** @throws Error where fewer than two people have two vectors */
  async finish(): Promise<Scatters> {
    const { size } = this;
    const sums = [...this.people.values()];
    const vectors = sums.reduce((total, { count }) => total + count, 0);
    if (sums.length < 2 || vectors <= sums.length) {
      throw new Error(
        `The last layer needs at least two people with two pictures each; there are ${sums.length} people with ${vectors} in all.`,
      );
    }
    const ofMeans = await productsOf(
      sums.map(({ count, values }) => scaled(values, 1 / Math.sqrt(count))),
      size,
    );
    const within = this.products.map((value, i) => (value - ofMeans[i]!) / (vectors - sums.length));
    const means = sums.map(({ count, values, group }) => ({ group, values: scaled(values, 1 / count) }));
    const between = scaled(await productsOf(aboutGroups(means, size), size), 1 / sums.length);
    const total = new Float64Array(size);
    for (const { values } of sums) for (let d = 0; d < size; d++) total[d]! += values[d]!;
    const offset = scaled(total, 1 / vectors);
    const covariance = this.products.map(
      (value, i) => value / vectors - offset[Math.floor(i / size)]! * offset[i % size]!,
    );
    const fromOrigin = (value: number, d: number) => value + this.origin![d]!;
    const mean = offset.map(fromOrigin);
    const square = (values: Float64Array) => Matrix.from1DArray(size, size, Array.from(values));
    return {
      within: square(within),
      between: square(between),
      total: square(covariance),
      mean,
      groups: new Map([...groupMeans(means, size)].map(([group, values]) => [group, values.map(fromOrigin)])),
      people: sums.length,
      vectors,
    };
  }
}

/** Adds X'X of N rows of D values to `sums`, [D, D]: products in float32 on the current backend, sums in float64. */
async function addProducts(
  sums: Float64Array,
  rows: Float32Array,
  count: number,
  size: number,
): Promise<void> {
  const squares = tf.tidy(() => {
    const x = tf.tensor2d(rows, [count, size]);
    return tf.matMul(x, x, true, false);
  });
  const product = await squares.data<'float32'>();
  squares.dispose();
  for (let i = 0; i < product.length; i++) sums[i]! += product[i]!;
}

async function productsOf(rows: readonly Float64Array[], size: number): Promise<Float64Array> {
  const sums = new Float64Array(size * size);
  const flat = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    flat.set(row, i * size);
  });
  await addProducts(sums, flat, rows.length, size);
  return sums;
}

const scaled = (values: Float64Array, factor: number): Float64Array => values.map((value) => value * factor);

function meanRow(rows: readonly Float32Array[], size: number): Float32Array {
  const sum = new Float64Array(size);
  for (const row of rows) for (let d = 0; d < size; d++) sum[d]! += row[d]!;
  return Float32Array.from(sum, (value) => value / rows.length);
}

interface Mean {
  readonly group: string;
  readonly values: Float64Array;
}

/** Mean of each group's vectors. */
function groupMeans(means: readonly Mean[], size: number): Map<string, Float64Array> {
  const groups = new Map<string, Sum>();
  for (const { group, values } of means) {
    const sum = groups.get(group) ?? { count: 0, values: new Float64Array(size) };
    sum.count++;
    for (let d = 0; d < size; d++) sum.values[d]! += values[d]!;
    groups.set(group, sum);
  }
  return new Map([...groups].map(([group, { count, values }]) => [group, scaled(values, 1 / count)]));
}

function aboutGroups(means: readonly Mean[], size: number): Float64Array[] {
  const groups = groupMeans(means, size);
  return means.map(({ group, values }) => {
    const mean = groups.get(group)!;
    return values.map((value, d) => value - mean[d]!);
  });
}
