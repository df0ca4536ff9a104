import { systemClock } from '@rounz/core/time/clock.ts';
import { createVisionEngine } from '../../src/vision/client.ts';
import { at, type Contestant, type Groups, type Listed } from './faces-peers.ts';

/** Runs in the browser: the kiosk's whole engine, with its workers and with as many threads as its race gave it. */

const nobody = document.createElement('canvas');
Object.assign(nobody, { width: 640, height: 480 }).getContext('2d');

async function engineOf({ name, folder }: Listed, canvas: HTMLCanvasElement): Promise<Contestant> {
  const engine = createVisionEngine(systemClock);
  const { backendReason } = await engine.start(
    {
      modelUrl: at(`models/${folder}/`),
      detectorUrl: at('detector/'),
      wasmUrl: at('wasm/'),
      forceBackend: 'wasm',
    },
    () => {},
  );
  console.log(`${name}: ${backendReason}`);
  return {
    name: `${name}, the engine`,
    // Whoever was there before is gone: the face is found from nothing.
    before: async () => {
      await engine.analyse(await createImageBitmap(nobody), { embed: false });
    },
    async run() {
      const { faces } = await engine.analyse(await createImageBitmap(canvas), { embed: true });
      if (!faces[0]?.embedding) throw new Error(`${name} embedded no face of the rendered picture.`);
    },
  };
}

/** Contestants of each model: a face found anew. */
export async function kioskContestants(
  models: readonly Listed[],
  canvas: HTMLCanvasElement,
): Promise<Groups> {
  const found: Contestant[] = [];
  for (const model of models) found.push(await engineOf(model, canvas));
  return { found, followed: [], alone: [] };
}
