import type { BackendRace } from '@rounz/core/model/backend-race.ts';
import { describe, expect, it, vi } from 'vitest';
import {
  FakeClock,
  FakeEngine,
  MemoryGallery,
  person,
  readyFacts,
  report,
} from '../../../test/kiosk/fakes.ts';
import type { KeptRecogniser, ModelRecord } from '../../gallery/contract/recogniser.ts';
import type { VisionOptions } from '../../vision/protocol.ts';
import { stateConfig } from '../config.ts';
import {
  chooseModel,
  framesToName,
  installedModels,
  type ModelInUse,
  type ModelShelf,
} from './model-choice.ts';

const NAMES = ['big', 'small'] as const;
const HASHES = { big: 'b'.repeat(64), small: 'c'.repeat(64) } as const;
const { limit, repeats } = stateConfig.modelChoice;
const FRAMES = framesToName(stateConfig.session);

const optionsOf = (name: string): VisionOptions => ({ modelUrl: name, detectorUrl: '', wasmUrl: '' });
const bitmap = async () => ({ width: 640, height: 480, close: () => {} }) as ImageBitmap;

/** An engine whose frames take as long as its model's say, milliseconds. */
class TimedEngine extends FakeEngine {
  readonly #clock: FakeClock;
  readonly #frame: (name: string) => number;
  name = '';

  constructor(clock: FakeClock, frame: (name: string) => number) {
    super();
    this.#clock = clock;
    this.#frame = frame;
  }
  override async start(options: VisionOptions) {
    if (this.startError) throw this.startError;
    this.name = options.modelUrl;
    return readyFacts;
  }
  override async analyse(frame: ImageBitmap, { embed }: { embed: boolean }) {
    frame.close();
    this.asked.push(embed);
    await new Promise<void>((resolve) => this.#clock.after(this.#frame(this.name), resolve));
    return report(this.scene, embed);
  }
}

function setUp({
  frame = () => 100,
  names = NAMES as readonly string[],
  wants = {},
  gpu = true,
  asked,
  gallery = new MemoryGallery(),
  kept = new Promise<never>(() => {}),
  opening,
}: {
  frame?: (name: string) => number;
  names?: readonly string[];
  wants?: Readonly<Record<string, 'webgpu'>>;
  gpu?: boolean;
  asked?: string;
  gallery?: MemoryGallery;
  kept?: Promise<KeptRecogniser>;
  /** in place of a gallery that is open */
  opening?: () => Promise<ModelRecord>;
} = {}) {
  const clock = new FakeClock();
  const engines: TimedEngine[] = [];
  const inUse: ModelInUse[] = [];
  const problems: string[] = [];
  const scene: { current: FakeEngine['scene']; startError: unknown } = {
    current: [{ who: 0 }],
    startError: null,
  };
  const shelf: ModelShelf = {
    asked,
    list: async () => names.map((name) => ({ name, options: optionsOf(name), wants: wants[name] })),
    hasGpu: async () => gpu,
    hashOf: async ({ name }) => HASHES[name as keyof typeof HASHES],
    frame: bitmap,
  };
  let chosenOptions: VisionOptions | undefined;
  const choose = async () => {
    const chosen = chooseModel(shelf, {
      config: stateConfig.modelChoice,
      clock,
      createEngine: () => {
        const engine = new TimedEngine(clock, frame);
        engine.scene = scene.current;
        engine.startError = scene.startError;
        engines.push(engine);
        return engine;
      },
      kept,
      record: opening ?? (async () => gallery.recogniser),
      frames: FRAMES,
      interval: stateConfig.pump.servingInterval,
      onProgress: () => {},
      onChosen: (one) => inUse.push(one),
      onProblem: (message) => problems.push(message),
    }).then(
      (options) => {
        chosenOptions = options;
        return options.modelUrl;
      },
      (error: Error) => error,
    );
    await clock.advance(120_000);
    return chosen;
  };
  return { choose, shelf, engines, gallery, inUse, problems, scene, raced: () => chosenOptions?.raced };
}

const madeBy = (hash: string) =>
  Object.assign(new MemoryGallery(), {
    people: [person(0, '김민지', { templates: [{ ...person(0, '').templates[0]!, modelHash: hash }] })],
  });

describe('installedModels', () => {
  it.each([
    { gpu: false, tooLarge: true },
    { gpu: true, tooLarge: false },
  ])('tells staff what is too large for this device: %o', async ({ gpu, tooLarge }) => {
    const { shelf } = setUp({ wants: { big: 'webgpu' }, gpu });
    expect(await installedModels(shelf)).toEqual([
      { name: 'big', tooLarge },
      { name: 'small', tooLarge: false },
    ]);
  });

  it('lets staff choose where the browser does not tell whether there is a graphics device', async () => {
    const { shelf } = setUp({ wants: { big: 'webgpu' } });
    const hasGpu = () => Promise.reject(new Error('no answer'));
    expect((await installedModels({ ...shelf, hasGpu })).map(({ tooLarge }) => tooLarge)).toEqual([
      true,
      false,
    ]);
  });

  it('looks for no graphics device where nothing wants one', async () => {
    const { shelf } = setUp({});
    const hasGpu = vi.fn(shelf.hasGpu);
    expect((await installedModels({ ...shelf, hasGpu })).map(({ tooLarge }) => tooLarge)).toEqual([
      false,
      false,
    ]);
    expect(hasGpu).not.toHaveBeenCalled();
  });
});

describe('chooseModel at set-up', () => {
  it('takes the preferred model where a decision keeps the limit, and does not try the next', async () => {
    const { choose, engines, gallery, inUse } = setUp({ frame: () => limit / FRAMES });
    expect(await choose()).toBe('big');
    expect(engines.map(({ name, disposed }) => ({ name, disposed }))).toEqual([
      { name: 'big', disposed: true },
    ]);
    expect(gallery.choice).toMatchObject({
      name: 'big',
      reason: 'measured',
      limit,
      measured: [{ name: 'big', milliseconds: limit, backend: 'wasm' }],
    });
    expect(inUse).toEqual([{ name: 'big', because: 'kept', kept: gallery.choice }]);
  });

  it('passes over what wants a graphics device where there is none, and keeps that it did', async () => {
    const { choose, engines, gallery } = setUp({ wants: { big: 'webgpu' }, gpu: false });
    expect(await choose()).toBe('small');
    expect(engines.map(({ name }) => name)).toEqual(['small']);
    expect(gallery.choice).toMatchObject({ name: 'small', reason: 'measured', passedOver: ['big'] });
  });

  it('tries what wants a graphics device where there is one, or nothing else', async () => {
    for (const fit of [
      { wants: { big: 'webgpu' } as const },
      { wants: { big: 'webgpu', small: 'webgpu' } as const, gpu: false },
    ]) {
      const { choose, gallery } = setUp(fit);
      expect(await choose()).toBe('big');
      expect(gallery.choice).not.toHaveProperty('passedOver');
    }
  });

  it('runs what needs no graphics device, for this run, where nothing can be measured and there is none', async () => {
    const { choose, inUse, scene } = setUp({ wants: { big: 'webgpu' }, gpu: false });
    scene.current = [];
    expect(await choose()).toBe('small');
    expect(inUse).toEqual([{ name: 'small', because: 'this-run', kept: null }]);
  });

  it('takes the next model where the preferred one is too slow, and keeps both times', async () => {
    const slow = limit / FRAMES + 1;
    const { choose, gallery } = setUp({ frame: (name) => (name === 'big' ? slow : 50) });
    expect(await choose()).toBe('small');
    expect(gallery.choice!.measured).toEqual([
      { name: 'big', milliseconds: slow * FRAMES, backend: 'wasm' },
      { name: 'small', milliseconds: 50 * FRAMES, backend: 'wasm' },
    ]);
  });

  it.each([
    ['big', 2, 3],
    ['small', 3, 2],
  ] as const)('takes the quickest where none is quick enough: %s', async (quickest, big, small) => {
    const { choose, gallery } = setUp({ frame: (name) => (name === 'big' ? big : small) * limit });
    expect(await choose()).toBe(quickest);
    expect(gallery.choice!.measured.map(({ name }) => name)).toEqual(['big', 'small']);
  });

  it('times decisions as the kiosk makes them: one frame to notice, the others embedded, at its own pace', async () => {
    const { choose, engines, gallery } = setUp({ frame: () => 1 });
    await choose();
    const decision = [false, ...Array.from({ length: FRAMES - 1 }, () => true)];
    expect(engines[0]!.asked).toEqual(Array.from({ length: repeats + 1 }, () => decision).flat());
    const { servingInterval } = stateConfig.pump;
    expect(gallery.choice!.measured[0]!.milliseconds).toBe((FRAMES - 1) * servingInterval + 1);
  });

  it('counts the median: neither the first decision nor a hiccup', async () => {
    let frames = 0;
    const { choose, gallery } = setUp({
      frame: () => {
        const decision = Math.floor(frames++ / FRAMES);
        return decision === 0 || decision === 2 ? 5_000 : 40;
      },
    });
    await choose();
    expect(gallery.choice!.measured).toEqual([{ name: 'big', milliseconds: 40 * FRAMES, backend: 'wasm' }]);
  });

  it('measures nothing where one model alone is there', async () => {
    const { choose, engines, gallery } = setUp({ names: ['big'] });
    expect(await choose()).toBe('big');
    expect(engines).toEqual([]);
    expect(gallery.choice).toMatchObject({ name: 'big', reason: 'only-one', measured: [] });
  });

  it('keeps nothing where it cannot measure, runs the preferred model and says so', async () => {
    const { choose, gallery, inUse, problems, scene } = setUp();
    scene.current = [];
    expect(await choose()).toBe('big');
    expect(gallery.choice).toBeNull();
    expect(inUse).toEqual([{ name: 'big', because: 'this-run', kept: null }]);
    expect(problems).toEqual([expect.stringContaining('shows no face')]);
  });

  it('hides a damaged model behind no other', async () => {
    const { choose, gallery, scene } = setUp();
    scene.startError = Object.assign(new Error('sha256 differs'), { code: 'model-corrupt' });
    expect(await choose()).toMatchObject({ message: 'sha256 differs' });
    expect(gallery.choice).toBeNull();
  });

  it('goes on for this run where the choice cannot be kept', async () => {
    const gallery = new MemoryGallery();
    gallery.recogniser.keep = () => Promise.reject(new Error('no room left'));
    const { choose, inUse, problems } = setUp({ gallery });
    expect(await choose()).toBe('big');
    expect(inUse[0]).toMatchObject({ because: 'this-run' });
    expect(problems[0]).toContain('no room left');
  });
});

describe('chooseModel later', () => {
  it('stays with what was kept, whatever would be quicker now', async () => {
    const gallery = new MemoryGallery();
    await setUp({ gallery, frame: (name) => (name === 'big' ? 5_000 : 20) }).choose();
    const { choose, engines } = setUp({ gallery, frame: () => 20 });
    expect(await choose()).toBe('small');
    expect(engines).toEqual([]);
  });

  it('starts what was kept before the gallery is open, and races no backend again', async () => {
    const gallery = new MemoryGallery();
    await setUp({ gallery, frame: (name) => (name === 'big' ? 5_000 : 20) }).choose();
    const race: BackendRace = {
      modelHash: HASHES.small,
      gpu: 'intel',
      program: '1',
      winner: { backend: 'webgpu', threads: 1 },
      times: [{ backend: 'webgpu', threads: 1, milliseconds: 9 }],
    };
    const kept = Promise.resolve({ choice: gallery.choice, race });
    const { choose, raced } = setUp({ kept, opening: () => new Promise(() => {}) });
    expect(await choose()).toBe('small');
    expect(raced()).toEqual(race);
  });

  it('gives a gallery without a recorded choice the model that made its templates', async () => {
    const { choose, engines, gallery } = setUp({ gallery: madeBy(HASHES.small) });
    expect(await choose()).toBe('small');
    expect(engines).toEqual([]);
    expect(gallery.choice).toMatchObject({ name: 'small', reason: 'gallery', measured: [] });
  });

  it('gives the model of its templates although it wants a graphics device, and a stranger’s one that needs none', async () => {
    const noGpu = { wants: { big: 'webgpu' }, gpu: false } as const;
    const mine = setUp({ ...noGpu, gallery: madeBy(HASHES.big) });
    expect(await mine.choose()).toBe('big');
    const theirs = setUp({ ...noGpu, gallery: madeBy('d'.repeat(64)) });
    expect(await theirs.choose()).toBe('small');
  });

  it('gives a gallery whose templates none of these made the first model, as before', async () => {
    const { choose, gallery } = setUp({ gallery: madeBy('f'.repeat(64)) });
    expect(await choose()).toBe('big');
    expect(gallery.choice).toMatchObject({ name: 'big', reason: 'gallery' });
  });

  it('runs what the address asks for, for this run alone', async () => {
    const { choose, engines, gallery, inUse } = setUp({ asked: 'small' });
    expect(await choose()).toBe('small');
    expect(engines).toEqual([]);
    expect(gallery.choice).toBeNull();
    expect(inUse).toEqual([{ name: 'small', because: 'address', kept: null }]);
  });

  it('refuses a name that is not listed, asked or kept, and takes no other', async () => {
    const elsewhere = setUp({ asked: 'huge' });
    expect(await elsewhere.choose()).toMatchObject({ code: 'model-missing' });
    const gallery = new MemoryGallery();
    await setUp({ gallery, frame: () => 20 }).choose();
    const { choose } = setUp({ gallery, names: ['small'] });
    expect(await choose()).toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('The gallery was set up with big'),
    });
  });
});
