import { errorMessage } from '@rounz/core/error-message.ts';
import * as tf from '@tensorflow/tfjs';
import { useDawnBackend } from './dawn.ts';
import { useNativeBackend } from './native.ts';
import type { ActivationType } from './native-backend.ts';
import { useTfjsNode } from './tfjs-node.ts';
import { useWasmBackend } from './wasm.ts';

export type BackendName = 'tfjs-node-gpu' | 'webgpu' | 'tfjs-node' | 'native' | 'wasm' | 'cpu';

export interface ChosenBackend {
  readonly name: BackendName;
  /** for logs and manifests */
  readonly description: string;
}

export interface LadderOptions {
  readonly say?: (line: string) => void;
  /** let WebGPU compute on the processor, which is right for checks alone */
  readonly softwareAdapter?: boolean;
  /** how the native backend stores activations; the faster way where absent. The other backends know float32 alone */
  readonly activations?: ActivationType;
}

type Starter = (options: LadderOptions) => Promise<string>;

const STARTERS: Readonly<Record<BackendName, Starter>> = {
  'tfjs-node-gpu': () => useTfjsNode('gpu'),
  webgpu: ({ softwareAdapter = false }) => useDawnBackend(softwareAdapter),
  native: async (options) => {
    const { version, threads, activations, amx } = await useNativeBackend(options.activations);
    return `oneDNN ${version}, ${activations} activations, ${threads} threads${amx ? ', AMX' : ''}`;
  },
  'tfjs-node': () => useTfjsNode('cpu'),
  wasm: useWasmBackend,
  cpu: async () => {
    await tf.setBackend('cpu');
    return `tfjs CPU ${tf.version.tfjs}`;
  },
};

/** Every backend that `chooseBackend` knows, fastest first. */
export const BACKENDS = Object.keys(STARTERS) as readonly BackendName[];

/**
 * Starts the fastest backend that works and says what it tried.
 *
 * @param wanted one backend alone
 * @throws Error that lists why each was not used
 */
export async function chooseBackend(wanted?: string, options: LadderOptions = {}): Promise<ChosenBackend> {
  const { say = console.log } = options;
  const names = wanted ? BACKENDS.filter((name) => name === wanted) : BACKENDS;
  if (names.length === 0) throw new Error(`There is no backend ${wanted}; there are ${BACKENDS.join(', ')}.`);
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const description = await STARTERS[name](options);
      say(`Backend: ${name} (${description}).`);
      return { name, description };
    } catch (error) {
      const reason = `${name}: ${errorMessage(error)}`;
      if (!wanted) say(`Not used: ${reason}.`);
      reasons.push(reason);
    }
  }
  throw new Error(wanted ? `${reasons[0]}.` : `No backend works: ${reasons.join('; ')}.`);
}
