import { describe, expect, it } from 'vitest';
import { type Capabilities, type GpuAdapter, probeCapabilities } from './capabilities.ts';
import { chooseBackend, isSoftwareAdapter, lanesOf, whyOneThread } from './choose-backend.ts';

const adapter = (over: Partial<GpuAdapter> = {}): GpuAdapter => ({
  vendor: 'intel',
  architecture: 'gen-12lp',
  device: '',
  description: '',
  isFallback: false,
  ...over,
});

const browser = (over: Partial<Capabilities> = {}): Capabilities => ({
  gpu: adapter(),
  wasm: true,
  simd: true,
  threads: true,
  crossOriginIsolated: true,
  cores: 4,
  ...over,
});

describe('chooseBackend', () => {
  it('takes WebGPU on a hardware adapter, also on one without a name', () => {
    expect(chooseBackend(browser())).toMatchObject({ kind: 'webgpu' });
    const nameless = adapter({ vendor: '', architecture: '' });
    expect(chooseBackend(browser({ gpu: nameless }))).toMatchObject({ kind: 'webgpu' });
  });

  it.each([
    ['fallback flag', { isFallback: true }],
    ['SwiftShader', { vendor: 'google', architecture: 'swiftshader' }],
    ['llvmpipe', { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.7, 256 bits)' }],
    ['lavapipe', { description: 'Mesa lavapipe' }],
    ['WARP', { vendor: 'microsoft', architecture: 'warp' }],
    ['basic render driver', { vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }],
    ['anything that calls itself software', { architecture: 'software' }],
  ] as const)('never takes a software adapter: %s', (_, over) => {
    const gpu = adapter(over);
    expect(isSoftwareAdapter(gpu)).toBe(true);
    expect(chooseBackend(browser({ gpu })).kind).toBe('wasm');
  });

  it('takes WASM without WebGPU, without an adapter, and after a lost GPU, and says why', () => {
    expect(chooseBackend(browser({ gpu: 'absent' }))).toMatchObject({
      kind: 'wasm',
      reason: expect.stringContaining('no WebGPU'),
    });
    expect(chooseBackend(browser({ gpu: 'no-adapter' })).kind).toBe('wasm');
    expect(chooseBackend(browser(), { gpuLost: 'driver reset' })).toMatchObject({
      kind: 'wasm',
      reason: expect.stringContaining('driver reset'),
    });
  });

  it('has nothing for a browser that can do neither', () => {
    expect(chooseBackend(browser({ gpu: 'absent', wasm: false, simd: false })).kind).toBe('none');
    expect(chooseBackend(browser({ gpu: 'absent', simd: false }))).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('SIMD'),
    });
  });

  it('follows a wish where the browser can', () => {
    const software = adapter({ isFallback: true });
    expect(chooseBackend(browser({ gpu: software }), { force: 'webgpu' }).kind).toBe('webgpu');
    expect(chooseBackend(browser(), { force: 'wasm' }).kind).toBe('wasm');
    expect(chooseBackend(browser({ gpu: 'absent' }), { force: 'webgpu' }).kind).toBe('wasm');
  });
});

describe('lanesOf', () => {
  const names = (kind: 'wasm' | 'webgpu', over: Partial<Capabilities>) =>
    lanesOf(kind, browser(over)).map(({ backend, threads }) => `${backend} ${threads}`);

  it('races WASM with as many threads as there are processors, and WebGPU where there is a GPU', () => {
    expect(names('wasm', { cores: 2 })).toEqual(['wasm 1', 'wasm 2']);
    expect(names('wasm', { cores: 8 })).toEqual(['wasm 1', 'wasm 2', 'wasm 4']);
    expect(names('webgpu', { cores: 2 })).toEqual(['wasm 1', 'wasm 2', 'webgpu 1']);
    expect(names('webgpu', { simd: false })).toEqual(['webgpu 1']);
  });

  it.each([
    ['isolated', { crossOriginIsolated: false, threads: false }],
    ['memory', { threads: false }],
    ['one processor', { cores: 1 }],
  ] as const)('leaves WASM with one thread and says why: %s', (why, over) => {
    expect(names('wasm', over)).toEqual(['wasm 1']);
    expect(whyOneThread(browser(over))).toContain(why);
  });
});

describe('probeCapabilities', () => {
  it('is frozen and right about this runtime', async () => {
    const found = await probeCapabilities();
    expect(Object.isFrozen(found)).toBe(true);
    expect(found).toMatchObject({ gpu: 'absent', wasm: true, simd: true });
  });
});
