import type { Capabilities, GpuAdapter } from './capabilities.ts';
import type { VisionBackend } from './protocol.ts';

export interface BackendChoice {
  readonly kind: VisionBackend;
  /** one sentence for the staff's health view */
  readonly reason: string;
}

export interface NoBackend {
  readonly kind: 'none';
  /** what is missing and what to do */
  readonly reason: string;
}

export interface BackendWishes {
  readonly force?: VisionBackend | undefined;
  /** how the GPU was lost before; WebGPU is then not chosen */
  readonly gpuLost?: string | undefined;
}

/**
 * Names of software adapters: SwiftShader (Chromium), llvmpipe and lavapipe (Mesa), WARP, which reports itself as
 * Microsoft Basic Render Driver (Windows).
 */
const SOFTWARE = /swiftshader|software|llvmpipe|lavapipe|softpipe|\bwarp\b|basic render/i;

/** Whether the adapter computes on the CPU: measured at 100 times WASM's time. */
export function isSoftwareAdapter(adapter: GpuAdapter): boolean {
  const { vendor, architecture, device, description } = adapter;
  return adapter.isFallback || SOFTWARE.test([vendor, architecture, device, description].join(' '));
}

const nameOf = ({ vendor, architecture, description }: GpuAdapter): string =>
  description || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';

function wasm(capabilities: Capabilities, because: string): BackendChoice | NoBackend {
  if (capabilities.wasm && capabilities.simd) return { kind: 'wasm', reason: `WASM SIMD: ${because}.` };
  const missing = capabilities.wasm ? 'WebAssembly without SIMD' : 'no WebAssembly';
  return {
    kind: 'none',
    reason:
      `Faces cannot be recognised in this browser: ${because}, and it has ${missing}. ` +
      'Use a current Chrome, Edge, Firefox or Safari.',
  };
}

/**
 * The backend for these capabilities: WebGPU on a hardware adapter, else WASM with SIMD. A software adapter is never
 * chosen by itself. A forced backend is taken where the browser has it at all.
 */
export function chooseBackend(
  capabilities: Capabilities,
  { force, gpuLost }: BackendWishes = {},
): BackendChoice | NoBackend {
  const { gpu } = capabilities;
  if (force === 'wasm') return wasm(capabilities, 'it was asked for');
  if (gpu === 'absent') return wasm(capabilities, 'this browser has no WebGPU');
  if (gpu === 'no-adapter') return wasm(capabilities, 'WebGPU finds no GPU here');
  if (force === 'webgpu') return { kind: 'webgpu', reason: `WebGPU on ${nameOf(gpu)}: it was asked for.` };
  if (gpuLost !== undefined)
    return wasm(capabilities, `the GPU was lost (${gpuLost}); reload the page to try it again`);
  if (isSoftwareAdapter(gpu))
    return wasm(capabilities, `the only WebGPU adapter (${nameOf(gpu)}) computes in software`);
  return { kind: 'webgpu', reason: `WebGPU on ${nameOf(gpu)}.` };
}

/** Judges a WebGPU adapter by the timed run. `ms`: median time of one run, or null if it failed. */
export function confirmWebGpu(
  choice: BackendChoice,
  ms: number | null,
  limit: number,
  capabilities: Capabilities,
): BackendChoice | NoBackend {
  if (ms === null) return wasm(capabilities, 'WebGPU is there but its test run failed');
  if (ms > limit)
    return wasm(capabilities, `WebGPU took ${ms.toFixed(0)} ms for a test run that WASM does in less`);
  return { ...choice, reason: `${choice.reason} Test run: ${ms.toFixed(1)} ms.` };
}
