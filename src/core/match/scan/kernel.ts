import { SCAN_BYTES } from './scan-bytes.ts';

/** Memory in pages of 64 KiB, as WebAssembly grows it. */
const PAGE = 65_536;

/**
 * Dot products of int8 rows with an int16 probe. All addresses are bytes in `memory`; rows and probe are padded with zeros to
 * `stride` values.
 */
export interface ScanKernel {
  readonly kind: 'wasm-simd' | 'javascript';
  /** Grows the memory to at least this many bytes. Earlier views become invalid. @throws RangeError: out of memory */
  reserve(bytes: number): void;
  memory(): ArrayBuffer;
  scan(rows: number, count: number, stride: number, probe: number, out: number): void;
}

interface ScanExports {
  readonly memory: WebAssembly.Memory;
  readonly scan: ScanKernel['scan'];
}

/** Compiles synchronously (a few hundred bytes). Null if the engine lacks 128-bit SIMD or forbids WebAssembly. */
function wasmKernel(): ScanKernel | null {
  try {
    const bytes = Uint8Array.from(atob(SCAN_BYTES), (char) => char.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { memory, scan } = instance.exports as unknown as ScanExports;
    return {
      kind: 'wasm-simd',
      reserve(wanted) {
        const missing = wanted - memory.buffer.byteLength;
        if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      },
      memory: () => memory.buffer,
      scan,
    };
  } catch {
    return null;
  }
}

/** The same in JavaScript, for engines without SIMD. */
export function javascriptKernel(): ScanKernel {
  let buffer = new ArrayBuffer(PAGE);
  return {
    kind: 'javascript',
    reserve(wanted) {
      if (wanted <= buffer.byteLength) return;
      const larger = new ArrayBuffer(Math.ceil(wanted / PAGE) * PAGE);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
    },
    memory: () => buffer,
    scan(rows, count, stride, probe, out) {
      const matrix = new Int8Array(buffer, rows, count * stride);
      const vector = new Int16Array(buffer, probe, stride);
      const dots = new Int32Array(buffer, out, count);
      for (let row = 0, at = 0; row < count; row++, at += stride) {
        let sum = 0;
        for (let i = 0; i < stride; i++) sum += matrix[at + i]! * vector[i]!;
        dots[row] = sum;
      }
    },
  };
}

/** The fastest kernel that this engine runs. Each has a memory of its own. */
export const createKernel = (): ScanKernel => wasmKernel() ?? javascriptKernel();
