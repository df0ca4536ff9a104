import * as tf from '@tensorflow/tfjs';
import { useNativeBackend } from './native.ts';

export type BackendName = 'native' | 'wasm' | 'cpu';

export interface ChosenBackend {
  readonly name: BackendName;
  /** for logs and manifests */
  readonly description: string;
}

const STARTERS: Record<BackendName, () => Promise<string>> = {
  native: async () => {
    const { version, threads, activations, amx } = await useNativeBackend();
    return `oneDNN ${version}, ${activations} activations, ${threads} threads${amx ? ', AMX' : ''}`;
  },
  wasm: async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.setBackend('wasm'))) throw new Error('tfjs could not start its WASM backend');
    return `tfjs WASM ${tf.version.tfjs}`;
  },
  cpu: async () => {
    await tf.setBackend('cpu');
    return `tfjs CPU ${tf.version.tfjs}`;
  },
};

/** Every backend that `chooseBackend` knows, fastest first. */
export const BACKENDS: readonly BackendName[] = ['native', 'wasm', 'cpu'];

/**
 * Starts the fastest backend that works and says what it tried.
 *
 * @param wanted one backend alone
 * @throws Error that lists why each was not used
 */
export async function chooseBackend(
  wanted?: string,
  say: (line: string) => void = console.log,
): Promise<ChosenBackend> {
  const names = wanted ? BACKENDS.filter((name) => name === wanted) : BACKENDS;
  if (names.length === 0) throw new Error(`There is no backend ${wanted}; there are ${BACKENDS.join(', ')}.`);
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const description = await STARTERS[name]();
      say(`Backend: ${name} (${description}).`);
      return { name, description };
    } catch (error) {
      const reason = `${name}: ${error instanceof Error ? error.message : String(error)}`;
      say(`Not used: ${reason}.`);
      reasons.push(reason);
    }
  }
  throw new Error(`No backend works: ${reasons.join('; ')}.`);
}
