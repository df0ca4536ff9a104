/** What WebGPU's adapter says about itself; strings may be empty, for browsers hide them. */
export interface GpuAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallback: boolean;
}

/** Capabilities of this browser, probed once at start. */
export interface Capabilities {
  /** `absent`: the browser has no WebGPU; `no-adapter`: it has, but nothing to run it on */
  readonly gpu: 'absent' | 'no-adapter' | GpuAdapter;
  readonly wasm: boolean;
  /** 128-bit SIMD in WASM */
  readonly simd: boolean;
  /** shared memory in WASM */
  readonly threads: boolean;
  readonly crossOriginIsolated: boolean;
  /** logical processors; 1 where the browser does not tell */
  readonly cores: number;
}

/** A module with one SIMD instruction (`i8x16.splat`); valid only where SIMD is known. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15],
  ...[253, 98, 11],
);

/** `GPUAdapterInfo` with the flag where older browsers keep it: on the adapter. */
interface AnyAdapter {
  readonly info?: Partial<GPUAdapterInfo> & { readonly isFallbackAdapter?: boolean };
  readonly isFallbackAdapter?: boolean;
}

async function probeGpu(gpu: GPU | undefined): Promise<Capabilities['gpu']> {
  if (!gpu) return 'absent';
  // A browser may refuse for any reason; then there is no adapter.
  const adapter = (await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)) as AnyAdapter | null;
  if (!adapter) return 'no-adapter';
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
  const isFallback = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return Object.freeze({ vendor, architecture, device, description, isFallback });
}

/** Probes the browser; works in a worker and in a page. */
export async function probeCapabilities(): Promise<Capabilities> {
  const wasm = typeof WebAssembly === 'object';
  const isolated = globalThis.crossOriginIsolated === true;
  return Object.freeze({
    gpu: await probeGpu(globalThis.navigator?.gpu),
    wasm,
    simd: wasm && WebAssembly.validate(SIMD_MODULE),
    threads: wasm && isolated && typeof SharedArrayBuffer === 'function',
    crossOriginIsolated: isolated,
    cores: globalThis.navigator?.hardwareConcurrency ?? 1,
  });
}
