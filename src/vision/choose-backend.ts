import { type Lane, PLAIN } from '@rounz/core/model/backend-race.ts';
import type { Capabilities, GpuAdapter } from './capabilities.ts';
import { VISION } from './config.ts';
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

/** What the adapter calls itself. */
export const nameOf = ({ vendor, architecture, description }: GpuAdapter): string =>
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
 * What these capabilities allow: `webgpu` on a hardware adapter, which is then raced against WASM, else WASM with SIMD. A
 * software adapter is never raced. A forced backend is taken where the browser has it at all.
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

/** Why WASM has one thread here; null: it may have more. */
export function whyOneThread({ threads, crossOriginIsolated, cores }: Capabilities): string | null {
  if (!crossOriginIsolated) return 'the page is not cross-origin isolated';
  if (!threads) return 'this browser shares no memory between threads';
  return cores < 2 ? 'there is one processor' : null;
}

/** The ways to run a network that are raced, those on WASM first. @param kind what was chosen, or is asked for */
export function lanesOf(kind: VisionBackend, capabilities: Capabilities): readonly Lane[] {
  const { cores, simd } = capabilities;
  const more =
    whyOneThread(capabilities) === null ? VISION.raceThreads.filter((count) => count <= cores) : [];
  const wasm = simd ? [PLAIN, ...more.map((threads): Lane => ({ backend: 'wasm', threads }))] : [];
  return kind === 'wasm' ? wasm : [...wasm, { backend: 'webgpu', threads: 1 }];
}
