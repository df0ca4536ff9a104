import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseBackend } from './ladder.ts';
import { readLibTensorflow } from './libtensorflow.ts';
import { findPackage } from './optional-package.ts';

// As on a fresh clone, whatever this machine has.
vi.mock('./optional-package.ts', async (original) => ({
  ...(await original<typeof import('./optional-package.ts')>()),
  findPackage: vi.fn(() => undefined),
}));
vi.mock('./native.ts', () => ({
  useNativeBackend: () => Promise.reject(new Error('the native kernels are not built')),
}));

describe('the ladder on a fresh clone', () => {
  it('comes down to WASM, with a line for each rung that says what to do', async () => {
    const lines: string[] = [];
    const { name } = await chooseBackend(undefined, { say: (line) => lines.push(line) });
    expect(name).toBe('wasm');
    expect(lines).toEqual([
      expect.stringMatching(/^Not used: tfjs-node-gpu: .*npm run -w training backend -- tfjs-node-gpu/),
      expect.stringMatching(/^Not used: webgpu: .*npm run -w training backend -- webgpu/),
      expect.stringMatching(/^Not used: native: /),
      expect.stringMatching(/^Not used: tfjs-node: .*npm run -w training backend -- tfjs-node`/),
      expect.stringMatching(/^Backend: wasm/),
    ]);
    expect(findPackage).toHaveBeenCalledWith('@tensorflow/tfjs-node');
  });

  it('takes one alone or none', async () => {
    const say = vi.fn();
    await expect(chooseBackend('webgpu', { say })).rejects.toThrow(/^webgpu: .*backend -- webgpu/);
    await expect(chooseBackend('abacus', { say })).rejects.toThrow(
      /no backend abacus; there are tfjs-node-gpu/,
    );
    expect(say).not.toHaveBeenCalled();
  });
});

describe('an unpacked libtensorflow', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'libtensorflow-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (...files: string[]): void => {
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
  };

  it('is known as a wheel’s folder and as a release of the C library', () => {
    put('include/tensorflow/c/c_api.h', 'lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2');
    expect(readLibTensorflow(folder)).toMatchObject({ lib: join(folder, 'lib') });
    put('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2');
    expect(readLibTensorflow(folder)).toMatchObject({
      lib: folder,
      libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
    });
  });

  it('without headers or libraries is refused with what is missing', () => {
    expect(() => readLibTensorflow(folder)).toThrow(/no include\/tensorflow\/c\/c_api.h/);
    put('include/tensorflow/c/c_api.h', 'libtensorflow_cc.so.2');
    expect(() => readLibTensorflow(folder)).toThrow(/holds none of/);
  });
});
