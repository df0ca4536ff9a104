import { type Clock, systemClock } from '@rounz/core/time/clock.ts';
import { imageBox, imagePoint, radians } from '@rounz/core/units.ts';
import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { createVisionEngine, type DetectorPlaces } from './client.ts';
import type { EngineWorker } from './link.ts';
import type { Detection, FaceReport, VisionEngine, VisionPart, VisionWorker } from './protocol.ts';

const options = { modelUrl: 'models/m/', detectorUrl: 'models/detector', wasmUrl: 'wasm/' };
const crop = { data: new Uint8ClampedArray(3), size: 1 };
const point = imagePoint(0, 0);
const face: FaceReport = {
  box: imageBox(0, 0, 1, 1),
  points: [point, point, point, point, point],
  quality: {
    pose: { yaw: radians(0), pitch: radians(0), roll: radians(0) },
    interEyeDistance: 80,
    luma: 128,
    sharpness: 300,
    eyeOpenness: 0.3,
  },
  issues: [],
  enrolmentIssues: ['covered'],
  landmarks: new Float32Array(0),
};
const found = (width: number, withCrop = true): Detection => ({
  width,
  height: 1,
  faces: [face],
  timings: { detect: 2, embed: 0, total: 2 },
  ...(withCrop ? { crop } : {}),
});

/** Something that is settled from outside. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open: (value: T) => open(value) };
}

/** A worker in this thread. */
class FakeWorker extends EventTarget {
  terminated = false;
  readonly started: VisionPart[] = [];
  readonly #ports = new MessageChannel();

  constructor(engine: Partial<VisionWorker>) {
    super();
    const whole: VisionWorker = {
      start: async ({ part }) => {
        this.started.push(part);
        return part === 'detector'
          ? null
          : {
              backend: 'wasm',
              backendReason: 'test',
              modelName: 'm',
              modelVersion: '1',
              modelHash: 'a'.repeat(64),
              calibration: [],
            };
      },
      analyse: async () => found(1),
      embed: async () => ({ embedding: Float32Array.of(1), worn: [], took: 5 }),
      memory: async () => ({ tensors: 1, bytes: 2 }),
      selfTest: async () => ({ worst: 0, tolerance: 1, cases: 1 }),
      setPassive: async () => ({ kind: 'off' }),
      ...engine,
    };
    this.#ports.port2.start();
    expose(whole, this.#ports.port2 as never);
    this.#ports.port1.start();
    this.#ports.port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
  }
  postMessage(message: unknown, transfer: Transferable[] = []) {
    this.#ports.port1.postMessage(message, transfer as never);
  }
  terminate() {
    this.terminated = true;
    this.#ports.port1.close();
  }
  crash() {
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  }
}

const workers = new Map<string, FakeWorker[]>();
afterEach(() => {
  for (const list of workers.values()) for (const worker of list) worker.terminate();
  workers.clear();
});
const of = (part: 'detector' | 'embedder') => workers.get(`rounz-vision-${part}`) ?? [];

function client(
  parts: { readonly detector?: Partial<VisionWorker>; readonly embedder?: Partial<VisionWorker> } = {},
  analyseTimeout = 60_000,
  ahead?: DetectorPlaces,
  clock: Clock = systemClock,
): VisionEngine {
  return createVisionEngine(
    clock,
    {
      startWorker: (name) => {
        const part = name.endsWith('detector') ? parts.detector : parts.embedder;
        const list = workers.get(name) ?? [];
        const worker = new FakeWorker(list.length === 0 ? (part ?? {}) : {});
        workers.set(name, [...list, worker]);
        return worker as unknown as EngineWorker;
      },
      baseUrl: () => 'http://kiosk.test/',
      cores: () => 2,
      config: { analyseTimeout, startSilence: 60_000, analyseSlack: 3, maxRestarts: 2 },
    },
    ahead,
  );
}
const frame = () => new MessageChannel().port1 as unknown as ImageBitmap;
const wish = { embed: true };
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the vision client on two cores', () => {
  it('tells the worker that embeds what the embedding is for: a probe unless a template is asked for', async () => {
    const roles: string[] = [];
    const engine = client({
      embedder: {
        embed: async (_, role) => {
          roles.push(role);
          return { embedding: Float32Array.of(1), worn: [], took: 5 };
        },
      },
    });
    await engine.start(options, () => {});
    await engine.analyse(frame(), wish);
    await engine.analyse(frame(), { ...wish, role: 'template' });
    expect(roles).toEqual(['probe', 'template']);
    await engine.dispose();
  });

  it('starts a worker that detects and one that embeds, and puts their answers together', async () => {
    const engine = client();
    expect(await engine.start(options, () => {})).toMatchObject({ modelName: 'm', workers: 2 });
    expect([of('detector')[0]!.started, of('embedder')[0]!.started]).toEqual([['detector'], ['embedder']]);
    const { faces, timings } = await engine.analyse(frame(), wish);
    expect(faces[0]).toMatchObject({ embedding: Float32Array.of(1), worn: [] });
    expect(timings).toEqual({ detect: 2, embed: 5, total: 7 });
    expect(await engine.memory()).toEqual({ tensors: 2, bytes: 4 });
  });

  it('starts the detector before anybody knows with which recogniser, and once', async () => {
    const engine = client({}, 60_000, options);
    await expect.poll(() => of('detector')[0]?.started).toEqual(['detector']);
    expect(of('embedder')).toEqual([]);
    await engine.start(options, () => {});
    expect([of('detector').length, of('embedder').length]).toEqual([1, 1]);
    expect(of('detector')[0]!.started).toEqual(['detector']);
    await engine.dispose();
  });

  it('starts the detector again where it did not come up before anybody asked for it', async () => {
    let times = 0;
    const detector: Partial<VisionWorker> = {
      start: async () => {
        times += 1;
        throw new Error('not served yet');
      },
    };
    const engine = client({ detector }, 60_000, options);
    await expect.poll(() => times).toBe(1);
    await settle();
    await engine.start(options, () => {});
    expect([times, of('detector').length]).toEqual([1, 2]);
    await engine.dispose();
  });

  it('detects the next frame while the one before is embedded, and embeds one after the other', async () => {
    const first = gate<void>();
    let embedding = 0;
    let most = 0;
    let detected = 0;
    const engine = client({
      detector: { analyse: async () => found(++detected) },
      embedder: {
        embed: async () => {
          embedding += 1;
          most = Math.max(most, embedding);
          if (detected === 1) await first.passed;
          embedding -= 1;
          return { embedding: Float32Array.of(1), worn: null, took: 5 };
        },
      },
    });
    await engine.start(options, () => {});
    let free = 0;
    const onFree = () => {
      free += 1;
    };
    const one = engine.analyse(frame(), { ...wish, onFree });
    await expect(engine.analyse(frame(), wish)).rejects.toMatchObject({ code: 'busy' });
    await expect.poll(() => free).toBe(1);
    const two = engine.analyse(frame(), { ...wish, onFree });
    await expect.poll(() => detected).toBe(2);
    await settle();
    // The second waits for the embedder, so a third would only grow old.
    expect(free).toBe(1);
    first.open();
    expect((await one).width).toBe(1);
    expect((await two).width).toBe(2);
    expect([free, most]).toEqual([2, 1]);
  });

  it('replaces an embedder that crashed; the detector goes on', async () => {
    let asked = false;
    const embed = () => {
      asked = true;
      return new Promise<never>(() => {});
    };
    const engine = client({ embedder: { embed } });
    await engine.start(options, () => {});
    const pending = engine.analyse(frame(), wish);
    await expect.poll(() => asked).toBe(true);
    of('embedder')[0]!.crash();
    await expect(pending).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('memory'),
    });
    const { faces } = await engine.analyse(frame(), wish);
    expect(faces[0]!.embedding).toBeDefined();
    expect([of('detector').length, of('embedder').length]).toEqual([1, 2]);
    expect(of('embedder')[1]!.started).toEqual(['embedder']);
  });

  it('replaces a detector that crashed; the embedder goes on', async () => {
    let asked = false;
    const analyse = () => {
      asked = true;
      return new Promise<never>(() => {});
    };
    const engine = client({ detector: { analyse } });
    await engine.start(options, () => {});
    const pending = engine.analyse(frame(), wish);
    await expect.poll(() => asked).toBe(true);
    of('detector')[0]!.crash();
    await expect(pending).rejects.toMatchObject({ code: 'internal' });
    expect((await engine.analyse(frame(), wish)).faces).toHaveLength(1);
    expect([of('detector').length, of('embedder').length]).toEqual([2, 1]);
  });

  it('replaces an embedder that hangs', async () => {
    const limits = new Set<() => void>();
    const after = (_: number, over: () => void) => {
      limits.add(over);
      return () => void limits.delete(over);
    };
    let asked = false;
    const embed = () => {
      asked = true;
      return new Promise<never>(() => {});
    };
    const engine = client({ embedder: { embed } }, 60_000, undefined, { ...systemClock, after });
    await engine.start(options, () => {});
    const hanging = expect(engine.analyse(frame(), wish)).rejects.toThrow(/not answered/);
    await expect.poll(() => asked).toBe(true);
    for (const over of limits) over();
    await hanging;
    expect((await engine.analyse(frame(), wish)).faces[0]!.embedding).toBeDefined();
    expect(of('embedder')).toHaveLength(2);
  });

  it('ends both workers where one of them does not start, and when it is disposed of', async () => {
    const broken = client({
      detector: {
        start: async () => {
          throw { name: 'VisionError', code: 'model-corrupt', message: 'damaged' };
        },
      },
    });
    await expect(broken.start(options, () => {})).rejects.toMatchObject({ code: 'model-corrupt' });
    expect([of('detector')[0]!.terminated, of('embedder')[0]!.terminated]).toEqual([true, true]);
    workers.clear();
    const engine = client();
    await engine.start(options, () => {});
    await engine.dispose();
    expect([of('detector')[0]!.terminated, of('embedder')[0]!.terminated]).toEqual([true, true]);
  });
});
