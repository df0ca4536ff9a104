import { existsSync } from 'node:fs';
import { twinFiles } from '../synth/twin/write.ts';
import { formatChallenge } from './challenge-evaluation.ts';
import { challengeFolder, measureChallenge } from './challenge-job.ts';
import { loadModelSystem } from './model-recogniser.ts';

const TASKS = ['03', '05'] as const;
/** Draws of the bootstrap in a run's own short evaluation. */
const RESAMPLES = 200;

/** Prints F1 of tasks 03 and 05, where `data` is a twin with their lists. */
export async function measureTwinTasks(model: string, data: string): Promise<void> {
  const files = twinFiles(data);
  for (const task of TASKS) {
    if (!existsSync(task === '03' ? files.task03 : files.task05)) continue;
    const system = await loadModelSystem([model], { cropped: true });
    try {
      const entry = { role: 'member', system } as const;
      const evaluation = await measureChallenge([entry], challengeFolder(data, task), task, RESAMPLES);
      process.stdout.write(formatChallenge(evaluation));
    } finally {
      system.recogniser.dispose();
    }
  }
}
