import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBackend } from '../backend/ladder.ts';
import { exportModel } from '../model/export.ts';
import { twinFiles } from '../synth/twin/write.ts';
import { writeReport } from '../watch/report.ts';
import { formatChallenge } from './challenge-evaluation.ts';
import { challengeFolder, measureChallenge } from './challenge-job.ts';
import { loadModelSystem } from './model-recogniser.ts';

const TASKS = ['03', '05'] as const;
/** Draws of the bootstrap in a run's own short evaluation. */
const RESAMPLES = 200;

/** What a finished run leaves beside its checkpoint: the exported model, F1 on a twin's tasks, the report. */
export async function finishRun(run: string, name: string, data: string | undefined): Promise<void> {
  const model = join(run, 'model');
  // Golden embeddings come from a backend that the kiosk has, not from the trainer's own kernels.
  await chooseBackend('wasm');
  await exportModel(join(run, 'checkpoint'), model, { name, version: '0.0.0', dtype: 'float16' });
  console.log(`Wrote ${model}.`);
  if (data !== undefined) await tryTasks(model, data);
  await reportRun(run);
}

/** Writes the report of whatever there is of a run. */
export async function reportRun(run: string): Promise<void> {
  const report = join(run, 'report.html');
  await writeReport({ run, evaluations: [], out: report });
  console.log(`Wrote ${report}; \`tensorboard --logdir ${run}\` shows the curves too.`);
}

/** Tasks 03 and 05, where `data` is a twin with their lists. */
async function tryTasks(model: string, data: string): Promise<void> {
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
