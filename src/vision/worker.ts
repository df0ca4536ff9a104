import { systemClock } from '@rounz/core/time/clock.ts';
import { expose } from 'comlink';
import { createEngine } from './engine.ts';
import { errorShape } from './errors.ts';
import type { VisionWorker } from './protocol.ts';

/** Errors leave the worker as plain objects: structured clone would drop their code. */
async function shaped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw errorShape(error);
  }
}

const engine = createEngine(systemClock);

const exposed: VisionWorker = {
  start: (options, onProgress) => shaped(engine.start(options, onProgress)),
  analyse: (frame, options) => shaped(engine.analyse(frame, options)),
  embed: (crop, role) => shaped(engine.embed(crop, role)),
  memory: () => shaped(engine.memory()),
  selfTest: () => shaped(engine.selfTest()),
  setPassive: (folder) => shaped(engine.setPassive(folder)),
};

expose(exposed);
