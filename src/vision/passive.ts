import { errorMessage } from '@rounz/core/error-message.ts';
import { passiveGoldenSchema } from '@rounz/core/liveness/passive/manifest.ts';
import { loadPassiveModel, type PassiveModel, replayPassive } from '@rounz/core/liveness/passive/model.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { VISION } from './config.ts';
import { VisionError } from './errors.ts';
import { loadPassiveFiles, type PassiveFiles } from './model-files.ts';
import type { PassiveState } from './protocol.ts';

/** The passive check of a worker. */
export interface PassiveCheck {
  /** what looks at faces; null while the check is off or could not be loaded */
  model(): PassiveModel | null;
  /** Loads it from that folder, or drops it; never rejects. */
  use(folder: string | null): Promise<PassiveState>;
}

/** @param load reads the files of a folder */
export function createPassiveCheck(clock: Clock, load = loadPassiveFiles): PassiveCheck {
  let model: PassiveModel | null = null;

  function drop(): void {
    model?.dispose();
    model = null;
  }

  async function bringUp({ manifest, weights, golden }: PassiveFiles): Promise<PassiveState> {
    const { tolerance, cases } = passiveGoldenSchema.parse(golden);
    const loaded = loadPassiveModel(manifest, weights);
    try {
      let took = Number.POSITIVE_INFINITY;
      for (let run = 0; run < VISION.passiveRepeats; run++) {
        const from = clock.now();
        const worst = await replayPassive(loaded, { tolerance, cases });
        if (!(worst <= tolerance))
          throw new VisionError(
            'model-corrupt',
            `It computes other scores than the trainer did (off by ${worst.toFixed(4)}, allowed ${tolerance}).`,
          );
        took = Math.min(took, (clock.now() - from) / cases.length);
      }
      model = loaded;
      return { kind: 'ready', version: manifest.version, took };
    } catch (error) {
      loaded.dispose();
      throw error;
    }
  }

  return {
    model: () => model,
    async use(folder) {
      drop();
      if (folder === null) return { kind: 'off' };
      try {
        return await bringUp(await load(folder));
      } catch (error) {
        return {
          kind: 'failed',
          detail: `The passive check cannot be used (${errorMessage(error)}). Copy its folder again.`,
        };
      }
    },
  };
}
