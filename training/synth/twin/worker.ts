import type { WorkerAnswer } from '../../util/worker-process.ts';
import { drawPerson, type PersonJob } from './person.ts';

const answer = (message: WorkerAnswer) => process.send?.(message);

process.on('message', async (job: PersonJob) => {
  try {
    await drawPerson(job, (done) => answer({ done }));
    answer({ finished: true });
  } catch (error) {
    answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
// Nobody needs its pictures any more.
process.on('disconnect', () => process.exit());
