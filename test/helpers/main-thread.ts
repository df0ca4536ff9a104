import type { OpenKiosk } from './kiosk.ts';

/** One event of Chromium's trace format; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** wall time */
  readonly dur?: number;
  /** time that the thread itself ran */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** A task of the page's main thread, milliseconds. */
export interface MainThreadTask {
  readonly wall: number;
  /** without the time that other threads had its core */
  readonly worked: number;
}

const TASK = /RunTask$/;

/**
 * The main thread's tasks while `during` runs, from Chromium's trace. The Long Tasks API knows wall time alone, which on a
 * machine with fewer cores than busy threads says who else was running; the trace knows both.
 */
export async function traceMainThread(
  { context, page }: OpenKiosk,
  during: () => Promise<void>,
): Promise<MainThreadTask[]> {
  const session = await context.newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[])
      if (event.name === 'thread_name' || (event.ph === 'X' && TASK.test(event.name))) events.push(event);
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel'] },
  });
  await during();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return tasksOf(events);
}

function tasksOf(events: readonly TraceEvent[]): MainThreadTask[] {
  const thread = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
  const main = new Set(
    events.filter(({ args }) => args?.name === 'CrRendererMain').map((event) => thread(event)),
  );
  return events
    .filter((event) => event.ph === 'X' && event.tdur !== undefined && main.has(thread(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, worked: tdur / 1000 }));
}
