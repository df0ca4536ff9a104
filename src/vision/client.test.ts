import { type Clock, systemClock } from '@rounz/core/time/clock.ts';
import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { createVisionEngine } from './client.ts';
import { errorShape, VisionError } from './errors.ts';
import type { EngineWorker } from './link.ts';
import type { VisionEngine, VisionOptions, VisionProgress, VisionReady, VisionWorker } from './protocol.ts';

const options: VisionOptions = { modelUrl: 'models/m/', detectorUrl: 'models/detector', wasmUrl: 'wasm/' };
const ready: VisionReady = {
  backend: 'webgpu',
  modelName: 'm',
  modelVersion: '1',
  modelHash: 'a'.repeat(64),
  backendReason: 'test',
  workers: 1,
  calibration: [],
};
const report = { width: 1, height: 1, faces: [], timings: { detect: 1, embed: 1, total: 2 } };

/** A port is something that structured clone can transfer, as it can a frame. */
function frame() {
  const { port1 } = new MessageChannel();
  let closed = 0;
  const whole = Object.assign(port1, {
    close: () => {
      closed += 1;
      MessagePort.prototype.close.call(port1);
    },
  });
  return { frame: whole as unknown as ImageBitmap, closed: () => closed };
}

/** A worker whose engine is `engine`, in this thread. */
class FakeWorker extends EventTarget {
  terminated = false;
  readonly started: VisionOptions[] = [];
  private readonly ports = new MessageChannel();

  constructor(engine: Partial<VisionWorker>) {
    super();
    const whole: VisionWorker = {
      start: async (given, onProgress: (progress: VisionProgress) => void) => {
        this.started.push(given);
        onProgress({ stage: 'probe', done: 1, total: 1 });
        return ready;
      },
      analyse: async () => report,
      embed: async () => ({ embedding: Float32Array.of(1), worn: null, took: 1 }),
      memory: async () => ({ tensors: 1, bytes: 2 }),
      selfTest: async () => ({ worst: 0, tolerance: 1, cases: 1 }),
      setPassive: async () => ({ kind: 'off' }),
      ...engine,
    };
    this.ports.port2.start();
    expose(whole, this.ports.port2 as never);
    this.ports.port1.start();
    this.ports.port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
  }
  postMessage(message: unknown, transfer: Transferable[] = []) {
    this.ports.port1.postMessage(message, transfer as never);
  }
  terminate() {
    this.terminated = true;
    this.ports.port1.close();
  }
  crash() {
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  }
}

const workers: FakeWorker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

/** How long a start may be silent, milliseconds; told from the other limits by its size. */
const NEVER_SILENT = 1_000_000;

/** `analyseTimeout` is out of reach unless a test is about it: a busy machine must not fail the others. */
function client(
  engines: readonly Partial<VisionWorker>[] = [],
  analyseTimeout = 60_000,
  clock = systemClock,
  startSilence = NEVER_SILENT,
): VisionEngine {
  return createVisionEngine(clock, {
    startWorker: () => {
      const worker = new FakeWorker(engines[Math.min(workers.length, engines.length - 1)] ?? {});
      workers.push(worker);
      return worker as unknown as EngineWorker;
    },
    baseUrl: () => 'http://kiosk.test/app/index.html',
    cores: () => 1,
    config: { analyseTimeout, startSilence, analyseSlack: 3, maxRestarts: 2 },
  });
}

const never = new Promise<never>(() => {});

describe('the vision client', () => {
  it('starts the worker with absolute addresses and passes progress on', async () => {
    const engine = client();
    const progress: VisionProgress[] = [];
    expect(await engine.start(options, (one) => progress.push(one))).toEqual(ready);
    expect(workers[0]!.started[0]).toMatchObject({
      modelUrl: 'http://kiosk.test/app/models/m/',
      detectorUrl: 'http://kiosk.test/app/models/detector',
    });
    expect(progress).toHaveLength(1);
    const one = frame();
    expect(await engine.analyse(one.frame, { embed: true })).toEqual(report);
    expect(one.closed()).toBe(0);
  });

  it('closes frames that the worker never got', async () => {
    const engine = client([{ analyse: () => never }]);
    const early = frame();
    await expect(engine.analyse(early.frame, { embed: true })).rejects.toMatchObject({ code: 'internal' });
    expect(early.closed()).toBe(1);
    await engine.start(options, () => {});
    const pending = engine.analyse(frame().frame, { embed: true });
    const second = frame();
    await expect(engine.analyse(second.frame, { embed: true })).rejects.toMatchObject({ code: 'busy' });
    expect(second.closed()).toBe(1);
    await engine.dispose();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers[0]!.terminated).toBe(true);
  });

  it("keeps an error's code across the boundary", async () => {
    const engine = client([
      {
        start: async () => {
          throw errorShape(new VisionError('model-corrupt', 'damaged'));
        },
      },
    ]);
    const failure = engine.start(options, () => {});
    await expect(failure).rejects.toBeInstanceOf(VisionError);
    await expect(failure).rejects.toMatchObject({ code: 'model-corrupt', message: 'damaged' });
  });

  it('replaces a worker that crashed, and the next frame is analysed', async () => {
    const engine = client([{ analyse: () => never }, {}]);
    await engine.start(options, () => {});
    const pending = engine.analyse(frame().frame, { embed: true });
    workers[0]!.crash();
    await expect(pending).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('memory'),
    });
    expect(await engine.analyse(frame().frame, { embed: true })).toEqual(report);
    expect(workers).toHaveLength(2);
    expect(workers[0]!.terminated).toBe(true);
  });

  it('has the passive check loaded where it is told to, also in the worker that takes the place of a broken one', async () => {
    const asked: (string | null)[] = [];
    const check: Partial<VisionWorker> = {
      setPassive: async (folder) => {
        asked.push(folder);
        return { kind: 'ready', version: '1', took: 2 };
      },
    };
    const engine = client([check]);
    await engine.start(options, () => {});
    expect(workers[0]!.started[0]).not.toHaveProperty('passiveUrl');
    expect(await engine.setPassive('models/p/')).toEqual({ kind: 'ready', version: '1', took: 2 });
    expect(asked).toEqual(['http://kiosk.test/app/models/p/']);
    workers[0]!.crash();
    await expect.poll(() => workers[1]?.started.length).toBe(1);
    expect(workers[1]!.started[0]).toMatchObject({ passiveUrl: 'http://kiosk.test/app/models/p/' });
    await engine.setPassive(null);
    expect(asked.at(-1)).toBeNull();
  });

  it('gives up on a start that tells of nothing for too long, and waits for one that goes on', async () => {
    const limits: { over: () => void; renewed: boolean }[] = [];
    const clock: Clock = {
      ...systemClock,
      after: (_, over) => {
        const limit = { over, renewed: false };
        limits.push(limit);
        return () => {
          limit.renewed = true;
        };
      },
    };
    const silent = client([{ start: () => never }], 60_000, clock);
    const outcome = silent.start(options, () => {}).catch((error: unknown) => error);
    expect(limits).toHaveLength(1);
    limits[0]!.over();
    expect(await outcome).toMatchObject({ code: 'internal' });
    expect(workers[0]!.terminated).toBe(true);

    const telling = client([], 60_000, clock);
    await telling.start(options, () => {});
    expect(limits.length).toBeGreaterThan(2);
    expect(limits.slice(1).every(({ renewed }) => renewed)).toBe(true);
  });

  it('replaces a worker that hangs, and gives up on one that always does', async () => {
    const engine = client([{ analyse: () => never }], 60);
    await engine.start(options, () => {});
    for (let i = 0; i < 3; i++)
      await expect(engine.analyse(frame().frame, { embed: true })).rejects.toMatchObject({
        code: 'internal',
      });
    expect(workers).toHaveLength(3);
    await expect(engine.analyse(frame().frame, { embed: true })).rejects.toThrow(/not been started/);
    expect(workers).toHaveLength(3);
  });

  it('gives a slow worker more time after each that was taken for hung, and less once it is quick', async () => {
    let now = 0;
    const limits: { readonly ms: number; readonly pass: () => void }[] = [];
    const clock = {
      ...systemClock,
      now: () => now,
      after: (ms: number, pass: () => void) => {
        if (ms < NEVER_SILENT) limits.push({ ms, pass });
        return () => {};
      },
    };
    let takes = 30_000;
    const slow = async () => {
      now += takes;
      return report;
    };
    const engine = client([{ analyse: () => never }, { analyse: slow }], 20_000, clock);
    await engine.start(options, () => {});
    const first = engine.analyse(frame().frame, { embed: true });
    limits[0]!.pass();
    await expect(first).rejects.toThrow(/not answered for 20 s/);
    await engine.analyse(frame().frame, { embed: true });
    takes = 100;
    await engine.analyse(frame().frame, { embed: true });
    await engine.analyse(frame().frame, { embed: true });
    expect(limits.map(({ ms }) => ms)).toEqual([20_000, 40_000, 90_000, 20_000]);
    expect(workers).toHaveLength(2);
  });

  it('ends a call and a start when told to', async () => {
    const engine = client([{ start: () => never }]);
    const abort = new AbortController();
    const starting = engine.start({ ...options, signal: abort.signal }, () => {});
    abort.abort();
    await expect(starting).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers[0]!.terminated).toBe(true);
  });

  it('starts without the GPU after it was lost', async () => {
    const engine = client([
      {
        analyse: async () => {
          throw errorShape(new VisionError('gpu-lost', 'driver reset'));
        },
      },
    ]);
    await engine.start(options, () => {});
    await expect(engine.analyse(frame().frame, { embed: true })).rejects.toMatchObject({ code: 'gpu-lost' });
    await engine.start(options, () => {});
    expect(workers[0]!.started[0]).not.toHaveProperty('gpuLost');
    expect(workers[1]!.started[0]).toMatchObject({ gpuLost: 'driver reset' });
  });
});
