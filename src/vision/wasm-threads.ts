import { type Clock, systemClock } from '@rounz/core/time/clock.ts';
import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import { VISION } from './config.ts';
import { allowOwnScripts } from './own-scripts.ts';

/**
 * tfjs' WASM backend on several threads, from files of our own origin. tfjs' own way to it makes blobs of the two scripts of a
 * thread, which our content security policy refuses, and gives a computer of two cores one thread. Emscripten's settings for
 * both are given here, then tfjs' backend gets the module (docs/decisions/022-two-workers.md).
 */

/** A thread's script and what it loads; `scripts/lib/wasm-threads.ts` puts them beside the binary. */
const NAME = 'tfjs-backend-wasm-threaded-simd';

/** What Emscripten puts on the settings that it is given. */
interface Threads {
  /** started at once, whether they are needed or not */
  unusedWorkers: Worker[];
  terminateAllThreads(): void;
}
type Module = Awaited<ReturnType<typeof createModule>>;
type Cwrap = (name: string, result: 'number' | null, given: readonly 'number'[]) => unknown;
type Settings = Parameters<typeof createModule>[0] & { readonly PThread?: Threads };
type Instantiated = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

async function instantiate(address: string, imports: WebAssembly.Imports, threads: number) {
  const response = await fetch(address, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address} could not be loaded (HTTP ${response.status})`);
  // tfjs takes half of the cores at most, of which many computers tell twice as many as they have.
  const env = { ...imports['env'], emscripten_num_logical_cores: () => 2 * threads };
  return WebAssembly.instantiate(await response.arrayBuffer(), { ...imports, env });
}

/** tfjs calls these by the names that it gives them. */
function withCalls(module: Module): Module {
  const call = (name: string, result: 'number' | null, ...given: 'number'[]) =>
    (module as Module & { readonly cwrap: Cwrap }).cwrap(name, result, given);
  const tfjs = {
    init: call('init', null),
    initWithThreadsCount: call('init_with_threads_count', null, 'number'),
    getThreadsCount: call('get_threads_count', 'number'),
    registerTensor: call('register_tensor', null, 'number', 'number', 'number'),
    disposeData: call('dispose_data', null, 'number'),
    dispose: call('dispose', null),
  };
  return Object.assign(module, { tfjs });
}

/**
 * Tells of a thread whose script fails before the returned function is called. Emscripten's own handler would take the whole
 * worker down.
 */
function watch(workers: readonly Worker[], fail: (error: Error) => void): () => void {
  const onError = (event: Event): void => {
    event.stopImmediatePropagation();
    event.preventDefault();
    fail(new Error(`a thread broke down (${(event as ErrorEvent).message || 'its script was not loaded'})`));
  };
  for (const worker of workers) worker.addEventListener('error', onError);
  return () => {
    for (const worker of workers) worker.removeEventListener('error', onError);
  };
}

/**
 * Brings the module and its threads up.
 *
 * @param folder absolute address of the WASM binaries, with a slash at its end
 * @param threads 2..
 * @throws Error where they do not come up
 */
export async function threadedWasm(
  folder: string,
  threads: number,
  clock: Clock = systemClock,
): Promise<BackendWasm> {
  allowOwnScripts(folder);
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const settings: Settings = {
    mainScriptUrlOrBlob: `${folder}${NAME}.js`,
    locateFile: (path) => folder + path,
    instantiateWasm(imports: WebAssembly.Imports, done: Instantiated) {
      instantiate(`${folder}${NAME}.wasm`, imports, threads)
        .then(({ instance, module }) => done(instance, module))
        .catch(fail);
      return {};
    },
  };
  const coming = createModule(settings);
  const pool = settings.PThread;
  if (!pool) throw new Error('tfjs started no threads');
  // The thread that asks computes, too.
  for (const worker of pool.unusedWorkers.splice(threads - 1)) worker.terminate();
  const seen = watch(pool.unusedWorkers, fail);
  const { threadsTimeout } = VISION;
  const inTime = clock.after(threadsTimeout, () =>
    fail(new Error(`the threads did not come up within ${threadsTimeout / 1000} s`)),
  );
  try {
    const module = withCalls(await Promise.race([coming, failed]));
    setThreadsCount(threads);
    return new BackendWasm(module);
  } catch (error) {
    pool.terminateAllThreads();
    throw error;
  } finally {
    inTime();
    seen();
  }
}
