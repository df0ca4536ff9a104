import { drawPerson, type PersonJob } from './person.ts';

/** What a drawing process answers: conditions done since the last answer, or the person's end. */
export type DrawAnswer =
  | { readonly done: number }
  | { readonly finished: true }
  | { readonly failed: string };

const answer = (message: DrawAnswer) => process.send?.(message);

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
