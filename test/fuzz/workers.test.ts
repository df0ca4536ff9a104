import type { Clock } from '@rounz/core/time/clock.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ClientDeps, createVisionEngine } from '../../src/vision/client.ts';
import { VisionError } from '../../src/vision/errors.ts';
import type { EngineWorker } from '../../src/vision/link.ts';
import { runs } from './cases.ts';

/** Workers that answer what no worker should. */

/** Answers each message with the next of `answers`, as a worker's port does. */
class WildWorker extends EventTarget {
  readonly #answers: readonly unknown[];
  #turn = 0;
  constructor(answers: readonly unknown[]) {
    super();
    this.#answers = answers;
  }
  postMessage(message: { readonly id?: string }) {
    const answer = this.#answers[this.#turn++ % this.#answers.length];
    const data =
      typeof answer === 'object' && answer !== null && 'type' in answer
        ? { ...answer, id: message.id }
        : answer;
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })));
  }
  terminate() {}
}

/** Each wait is over at once. */
const impatient: Clock = {
  now: () => performance.now(),
  date: () => new Date().toISOString(),
  after: (_, task) => {
    const timer = setTimeout(task, 2);
    return () => clearTimeout(timer);
  },
};

const URLS = { modelUrl: 'm/', detectorUrl: 'd/', wasmUrl: 'w/' };

const wild = (answers: readonly unknown[], cores: number): ClientDeps => ({
  startWorker: () => new WildWorker(answers) as unknown as EngineWorker,
  baseUrl: () => 'http://kiosk.test/',
  cores: () => cores,
  config: { analyseTimeout: 1, startSilence: 1, analyseSlack: 1, maxRestarts: 1 },
});

const frame = () => ({ close() {} }) as ImageBitmap;

it('messages of a worker: a picture of a face without the face is a fault of the worker, and said to be one', async () => {
  const engine = createVisionEngine(impatient, wild([{ type: 'RAW', value: { crop: {}, faces: [] } }], 1));
  await engine.start(URLS, () => {});
  await expect(engine.analyse(frame(), { embed: true })).rejects.toBeInstanceOf(VisionError);
  await engine.dispose();
});

it('messages of a worker: whatever it answers, each call has a result or a VisionError, and none hangs', async () => {
  const answer = fc.oneof(
    fc.record({ type: fc.constant('RAW'), value: fc.anything() }),
    fc.record({ type: fc.constant('RAW'), value: fc.record({ crop: fc.anything(), faces: fc.anything() }) }),
    fc.record({
      type: fc.constant('HANDLER'),
      name: fc.constantFrom('throw', 'proxy', 'x'),
      value: fc.anything(),
    }),
    fc.anything(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(1, 2),
      async (answers, cores) => {
        const engine = createVisionEngine(impatient, wild(answers, cores));
        const calls = [
          () => engine.start(URLS, () => {}),
          () => engine.analyse(frame(), { embed: true }),
          () => engine.memory(),
          () => engine.selfTest(),
        ];
        for (const call of calls)
          await call().catch((error: unknown) => expect(error).toBeInstanceOf(VisionError));
        await engine.dispose();
      },
    ),
    runs(0.2),
  );
});
