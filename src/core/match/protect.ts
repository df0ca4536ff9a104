/** How templates are transformed. */
export interface ProtectConfig {
  /** rounds of signs, Hadamard butterflies and permutation; 3 mix every value with every other, whatever the width */
  readonly rounds: number;
}

export const PROTECT: ProtectConfig = { rounds: 3 };

/**
 * A keyed rotation of the embedding space. Two templates under two keys have a cosine of chance, but cosines of templates under one
 * key are those of their embeddings: whoever has several of them, or the key, learns as much (docs/security.md).
 */
export interface Transform {
  readonly width: number;
  /** @param vector any finite values; the result is new */
  apply(vector: Float32Array): Float32Array;
  invert(vector: Float32Array): Float32Array;
}

/** Bytes of key stream that a transform of this width takes: a sign byte and a 32-bit draw for each value and round. */
export const keyStreamBytes = (width: number, { rounds } = PROTECT): number => rounds * width * 5;

interface Round {
  /** +1 or -1 */
  readonly signs: Float32Array;
  /** value i goes to place `order[i]` */
  readonly order: Uint32Array;
}

/**
 * A keyed orthogonal transform: `rounds` times random signs, Walsh-Hadamard butterflies and a random permutation. n log n,
 * exact up to float rounding.
 *
 * @param width values of an embedding, 1..
 * @param keyStream uniform secret bytes, `keyStreamBytes(width)` of them: the installation's secret, expanded by a cipher
 * @throws RangeError where the key stream is too short
 */
export function createTransform(width: number, keyStream: Uint8Array, config = PROTECT): Transform {
  if (keyStream.length < keyStreamBytes(width, config))
    throw new RangeError(
      `A transform of ${width} values takes ${keyStreamBytes(width, config)} bytes of key; got ${keyStream.length}.`,
    );
  const rounds = Array.from({ length: config.rounds }, (_, i) => readRound(width, keyStream, i * width * 5));
  const blocks = powerBlocks(width);
  const checked = (vector: Float32Array): Float32Array<ArrayBuffer> => {
    if (vector.length !== width)
      throw new RangeError(`An embedding of ${vector.length} values does not fit a transform of ${width}.`);
    return Float32Array.from(vector);
  };
  return {
    width,
    apply(vector) {
      let values = checked(vector);
      for (const { signs, order } of rounds) {
        for (let i = 0; i < width; i++) values[i]! *= signs[i]!;
        hadamard(values, blocks);
        const moved = new Float32Array(width);
        for (let i = 0; i < width; i++) moved[order[i]!] = values[i]!;
        values = moved;
      }
      return values;
    },
    invert(vector) {
      let values = checked(vector);
      for (const { signs, order } of rounds.toReversed()) {
        const moved = new Float32Array(width);
        for (let i = 0; i < width; i++) moved[i] = values[order[i]!]!;
        // Symmetric and orthonormal, so it is its own inverse.
        hadamard(moved, blocks);
        for (let i = 0; i < width; i++) moved[i]! *= signs[i]!;
        values = moved;
      }
      return values;
    },
  };
}

function readRound(width: number, keyStream: Uint8Array, offset: number): Round {
  const view = new DataView(keyStream.buffer, keyStream.byteOffset + offset, width * 5);
  const signs = Float32Array.from({ length: width }, (_, i) => (view.getUint8(i) & 1 ? 1 : -1));
  const order = Uint32Array.from({ length: width }, (_, i) => i);
  // Fisher and Yates; the bias of a 32-bit draw modulo at most a few thousand is below 1e-6.
  for (let i = width - 1; i > 0; i--) {
    const j = view.getUint32(width + i * 4, true) % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return { signs, order };
}

/** Splits a width into powers of two, the largest first: 512 is one block, 12 are 8 and 4. */
function powerBlocks(width: number): readonly { readonly start: number; readonly size: number }[] {
  const blocks: { start: number; size: number }[] = [];
  let start = 0;
  for (let size = 2 ** Math.floor(Math.log2(width)); size >= 1; size /= 2)
    if (width & size) {
      blocks.push({ start, size });
      start += size;
    }
  return blocks;
}

/** The orthonormal Walsh-Hadamard transform of each block, in place. */
function hadamard(values: Float32Array, blocks: ReturnType<typeof powerBlocks>): void {
  for (const { start, size } of blocks) {
    for (let half = 1; half < size; half *= 2)
      for (let group = start; group < start + size; group += half * 2)
        for (let i = group; i < group + half; i++) {
          const a = values[i]!;
          const b = values[i + half]!;
          values[i] = a + b;
          values[i + half] = a - b;
        }
    const norm = 1 / Math.sqrt(size);
    for (let i = start; i < start + size; i++) values[i]! *= norm;
  }
}

/**
 * A template as it is kept: two planes of int8. value = scale * (high + low / 256). `high` alone is the int8 template that is
 * scanned; with `low` the value is exact to 16 bits, which is what rescoring takes.
 */
export interface QuantisedTemplate {
  readonly scale: number;
  readonly high: Int8Array;
  readonly low: Int8Array;
}

const HIGH_LIMIT = 127;
const LOW_STEPS = 256;

/** @param vector finite, not all zero */
export function quantise(vector: Float32Array): QuantisedTemplate {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0 && Number.isFinite(largest)))
    throw new RangeError('An embedding of zeros or of values that are no numbers cannot be kept.');
  const scale = Math.fround(largest / HIGH_LIMIT);
  const high = new Int8Array(vector.length);
  const low = new Int8Array(vector.length);
  for (let i = 0; i < vector.length; i++) {
    const limit = HIGH_LIMIT * LOW_STEPS;
    const fine = Math.max(-limit, Math.min(limit, Math.round((vector[i]! / scale) * LOW_STEPS)));
    // Shifted by half a step, so that what is left over fits an int8 at both ends.
    high[i] = Math.floor((fine + LOW_STEPS / 2) / LOW_STEPS);
    low[i] = fine - high[i]! * LOW_STEPS;
  }
  return { scale, high, low };
}

export function dequantise({ scale, high, low }: QuantisedTemplate): Float32Array {
  // A loop, for `Float32Array.from` calls back for each of a gallery's 50 million values.
  const values = new Float32Array(high.length);
  for (let i = 0; i < values.length; i++) values[i] = scale * (high[i]! + low[i]! / LOW_STEPS);
  return values;
}

/** Dot product of a float probe with a kept template. */
export function dotQuantised(probe: Float32Array, { scale, high, low }: QuantisedTemplate): number {
  let coarse = 0;
  let fine = 0;
  for (let i = 0; i < probe.length; i++) {
    coarse += probe[i]! * high[i]!;
    fine += probe[i]! * low[i]!;
  }
  return scale * (coarse + fine / LOW_STEPS);
}
