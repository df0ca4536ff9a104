import { INTEGER_BYTES } from './integer-bytes.ts';

/** Memory in pages of 64 KiB, as WebAssembly grows it. */
const PAGE = 65_536;
/** Of what is placed: a line of the processor's cache. */
const ALIGNMENT = 64;

/** What scripts/build-integer.mjs compiles; addresses are bytes in `memory`. */
interface IntegerExports {
  readonly memory: WebAssembly.Memory;
  quantise(x: number, rows: number, channels: number, codes: number, scales: number, range: number): void;
  depthwise(
    x: number,
    height: number,
    width: number,
    channels: number,
    stride: number,
    constants: number,
    cap: number,
    zeros: number,
    row: number,
    from: number,
    to: number,
    outWidth: number,
    codes: number,
    scales: number,
    range: number,
  ): void;
  multiply(
    codes: number,
    scales: number,
    rows: number,
    inputs: number,
    weights: number,
    constants: number,
    outputs: number,
    out: number,
    cap: number,
  ): void;
}

/** The kernels with a memory of their own, which grows and is given back with them. */
export interface IntegerKernel extends Omit<IntegerExports, 'memory'> {
  /** @returns the address of so many zero bytes. @throws RangeError: out of memory */
  reserve(bytes: number): number;
  /** @returns where the next reserved bytes will lie */
  end(): number;
  /** Forgets all that lies at this address and behind it. */
  cut(address: number): void;
  /** @returns the address of a copy */
  place(values: Float32Array | Int16Array): number;
  /** A view, valid until the next `reserve` or `place`. */
  view(address: number, length: number): Float32Array;
}

/** Compiles synchronously (3 KB). Null if the engine lacks 128-bit SIMD or forbids WebAssembly. */
export function createIntegerKernel(): IntegerKernel | null {
  let exports: IntegerExports;
  try {
    const bytes = Uint8Array.from(atob(INTEGER_BYTES), (char) => char.charCodeAt(0));
    exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as IntegerExports;
  } catch {
    return null;
  }
  const { memory, quantise, depthwise, multiply } = exports;
  let end = 0;
  const reserve = (bytes: number): number => {
    const address = end;
    end = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    new Uint8Array(memory.buffer, address, bytes).fill(0);
    return address;
  };
  return {
    quantise,
    depthwise,
    multiply,
    reserve,
    end: () => end,
    cut(address) {
      end = address;
    },
    place(values) {
      const address = reserve(values.byteLength);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
      return address;
    },
    view: (address, length) => new Float32Array(memory.buffer, address, length),
  };
}
