import fc from 'fast-check';
import { expect } from 'vitest';

/**
 * Cases of each property: 125 in `npm test`, 4,200 in `npm run fuzz`. There are thirty properties, so that is 3,000 and
 * 100,000 cases together. A property that costs much takes a share of them.
 */
const CASES = Number(process.env['FUZZ_CASES'] ?? 125);
const SEED = process.env['FUZZ_SEED'];

/** @param share of the cases, 0..1 */
export const runs = (share = 1): fc.Parameters<unknown> => ({
  numRuns: Math.max(1, Math.round(CASES * share)),
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
});

/** Errors that only a fault of the program raises: a parser has to refuse its input before it comes to one. */
const BUGS = ['TypeError', 'ReferenceError', 'SyntaxError', 'InternalError'];

/** Expects a deliberate refusal: an error with a message, and none of `BUGS`. */
export function expectRefusal(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  const { name, message } = error as Error;
  expect(message).not.toBe('');
  expect(BUGS, `${name}: ${message}\n${(error as Error).stack}`).not.toContain(name);
  expect(message).not.toMatch(/call stack|Invalid array length|Array buffer allocation/);
}

/** Runs `work`, which may refuse its input. @returns undefined where it did so deliberately */
export function parsed<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    expectRefusal(error);
    return undefined;
  }
}

export async function parsedLater<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    expectRefusal(error);
    return undefined;
  }
}

/** Numbers as a broken sensor, file or division gives them. */
export const wildNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e308,
    5e-324,
  ),
);

/** A copy with one part cut off or a few bytes changed. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc
    .tuple(
      fc.nat(bytes.length),
      fc.array(fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255)), { maxLength: 6 }),
      fc.boolean(),
    )
    .map(([length, changes, cut]) => {
      const copy = new Uint8Array(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return cut ? copy.slice(0, length) : copy;
    });

/** A value with one of its parts, at any depth, replaced or taken away. */
export const tampered = (value: unknown): fc.Arbitrary<unknown> =>
  fc.tuple(fc.infiniteStream(fc.nat()), fc.anything(), fc.boolean()).map(([choices, other, drop]) => {
    const copy = structuredClone(value);
    let at: unknown = copy;
    for (const choice of choices) {
      if (typeof at !== 'object' || at === null) break;
      const keys = Object.keys(at);
      if (keys.length === 0) break;
      const key = keys[choice % keys.length]!;
      const inner = (at as Record<string, unknown>)[key];
      if (typeof inner === 'object' && inner !== null && choice % 3 > 0) {
        at = inner;
        continue;
      }
      if (drop) delete (at as Record<string, unknown>)[key];
      else (at as Record<string, unknown>)[key] = other;
      break;
    }
    return copy;
  });
