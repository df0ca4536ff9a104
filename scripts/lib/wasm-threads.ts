import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Trusted Types' policy of a thread of WASM, as `src/vision/own-scripts.ts` has it for page and workers: it loads scripts of the
 * folder in which its own lies.
 */
const OWN_SCRIPTS = `self.trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    const { href } = new URL(address, location.href);
    if (href.startsWith(new URL('./', location.href).href)) return href;
    throw new TypeError(href + ' is not the kiosk’s own, so it is not loaded as a script.');
  },
});
`;

/** What a thread of tfjs' WASM backend runs, by file name: its own script, and Emscripten's, which it loads. */
export const THREAD_SCRIPTS = [
  'tfjs-backend-wasm-threaded-simd.worker.js',
  'tfjs-backend-wasm-threaded-simd.js',
] as const;

/**
 * tfjs' package has the thread's script as a text in a module, of which it makes a blob.
 *
 * @param folder of the package
 */
export async function threadScript(folder: string, name: (typeof THREAD_SCRIPTS)[number]): Promise<string> {
  const path = join(folder, 'wasm-out', name);
  if (name === 'tfjs-backend-wasm-threaded-simd.js') return readFile(path, 'utf8');
  const { wasmWorkerContents } = createRequire(import.meta.url)(path) as { wasmWorkerContents: string };
  // A line break in the module's text stands for one in a string of the script.
  return OWN_SCRIPTS + wasmWorkerContents.replaceAll('\n', '\\n');
}
