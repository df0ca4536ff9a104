import { mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fetchPackage, runStep } from './fetch.ts';
import { type LibTensorflow, obtainLibTensorflow } from './libtensorflow.ts';
import type { Processor } from './tfjs-node.ts';

/** 0.6.1, 0.5.0, 0.3.0 and 0.2.x want a newer libstdc++ than Debian 12 has. */
const WEBGPU_VERSION = '0.6.2';
const TFJS_NODE_VERSION = '4.22.0';
/** The one dependency of tfjs-node's own that its backend loads. */
const PROTOBUF_VERSION = '3.21.4';

/** Backends that are no dependency of this workspace. */
export const INSTALLABLE = ['webgpu', 'tfjs-node', 'tfjs-node-gpu'] as const;
export type Installable = (typeof INSTALLABLE)[number];

/** Compiles tfjs-node's addon from the sources in its package, against any libtensorflow with the C interface of 2.x. */
function buildAddon(folder: string, { lib, include, libraries }: LibTensorflow): void {
  const headers = join(
    dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
    'include',
  );
  const target = join(folder, 'lib/napi-v8');
  mkdirSync(target, { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(folder, 'binding', name));
  const flags = ['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8'];
  const includes = [headers, include, folder].map((path) => `-I${path}`);
  const links = [`-L${lib}`, ...libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${lib}`];
  const addon = join(target, 'tfjs_binding.node');
  runStep('Compiling tfjs-node’s addon', 'g++', [
    ...flags,
    ...includes,
    ...sources,
    ...links,
    '-o',
    `${addon}.new`,
  ]);
  // A running trainer keeps the old file: the new one takes only its name.
  renameSync(`${addon}.new`, addon);
}

function installTfjsNode(processor: Processor, given?: string): void {
  const library = obtainLibTensorflow(processor, given);
  const name = processor === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  fetchPackage('google-protobuf', PROTOBUF_VERSION);
  buildAddon(fetchPackage(name, TFJS_NODE_VERSION), library);
}

/** Fetches or builds a backend into `.cache/backends`. */
export function installBackend(name: Installable, libtensorflow?: string): void {
  if (name === 'webgpu') fetchPackage('webgpu', WEBGPU_VERSION);
  else installTfjsNode(name === 'tfjs-node' ? 'cpu' : 'gpu', libtensorflow);
}
