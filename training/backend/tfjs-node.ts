import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { findPackage } from './optional-package.ts';
import { registerTfjsNodeKernels } from './tfjs-node-kernels.ts';

/** Name of the backend in tfjs' registry, whatever the device. */
const BACKEND = 'tensorflow';
/** Versions of Node's C interface that tfjs-node builds its addon for, newest first. */
const NODE_API_VERSIONS = [8, 7, 6, 5, 4, 3];

interface Binding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
}

export type Processor = 'gpu' | 'cpu';

const packageName = (processor: Processor): string =>
  processor === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';

function loadBinding(folder: string, name: string): Binding {
  const addon = NODE_API_VERSIONS.map((version) =>
    join(folder, `lib/napi-v${version}/tfjs_binding.node`),
  ).find((file) => existsSync(file));
  if (!addon) throw new Error(`${name} is here without its addon; docs/tfjs-node.md says how to build it`);
  // TensorFlow's greetings would stand between the lines of the run.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  return createRequire(import.meta.url)(addon) as Binding;
}

/**
 * Makes tfjs-node the backend. What its package does when it is imported is done here step by step, so that it needs neither
 * the dependencies of its installer nor functions that Node 23 has no more, and shares the trainer's tfjs.
 *
 * @throws Error that says what is missing
 */
export async function useTfjsNode(processor: Processor): Promise<string> {
  const name = packageName(processor);
  const folder = findPackage(name);
  if (!folder) {
    const short = name.slice(name.indexOf('/') + 1);
    throw new Error(
      `${name} is not here: \`npm run -w training backend -- ${short}\` builds it (docs/tfjs-node.md)`,
    );
  }
  const binding = loadBinding(folder, name);
  const onGpu = binding.isUsingGpuDevice();
  if (processor === 'gpu' && !onGpu) {
    throw new Error(
      `${name} (TensorFlow ${binding.TF_Version}) finds no GPU: it needs an NVIDIA card, its driver, and the CUDA and cuDNN that this TensorFlow was built for (docs/tfjs-node.md)`,
    );
  }
  // Node 23 took it away; tfjs-node 4.22 calls it.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  const require = createRequire(join(folder, 'package.json'));
  if (!tf.findBackendFactory(BACKEND)) {
    require('./dist/register_all_kernels.js');
    registerTfjsNodeKernels(BACKEND);
    const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js');
    tf.registerBackend(BACKEND, () => new NodeJSKernelBackend(binding, name));
  }
  if (!(await tf.setBackend(BACKEND))) throw new Error(`tfjs could not start ${name}`);
  return `TensorFlow ${binding.TF_Version} on the ${onGpu ? 'GPU' : 'processor'}`;
}
