import {
  at,
  faceApi,
  type Group,
  type Groups,
  type HumanModule,
  human,
  type Listed,
  type OnnxRuntime,
  onnx,
  peer,
} from './faces-peers.ts';

/** Runs in the browser: our pipeline and the peers', in one page, one after the other. */

const canvas = document.createElement('canvas');
Object.assign(canvas, { width: 640, height: 480 });
const context = canvas.getContext('2d', { willReadFrequently: true })!;
let picture: ImageBitmap;
let frame = 0;

/** The next frame: the person sways by some pixels, so that no cache takes it for the one before. */
function draw(): void {
  frame += 1;
  const side = 300;
  const [x, y] = [170 + 6 * Math.sin(frame / 2), 90 + 4 * Math.cos(frame / 3)];
  context.fillStyle = '#8a8f96';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, x, y, side, (side * picture.height) / picture.width);
}

type Names = Record<Group, string[]>;

const LOADERS: Readonly<Record<string, (models: readonly Listed[]) => Promise<Groups>>> = {
  async ours(models) {
    const { ourContestants } = await import('./faces-ours.ts');
    return ourContestants(models, canvas);
  },
  async kiosk(models) {
    const { kioskContestants } = await import('./faces-kiosk.ts');
    return kioskContestants(models, canvas);
  },
  async human() {
    const library = await peer<HumanModule>('human/human.esm.js');
    return {
      found: [await human(library, canvas, false)],
      followed: [await human(library, canvas, true)],
      alone: [],
    };
  },
  async 'face-api'() {
    return {
      found: [await faceApi(await peer('face-api/face-api.esm.js'), canvas)],
      followed: [],
      alone: [],
    };
  },
  async ort(models) {
    const ort = await peer<OnnxRuntime>('ort/ort.wasm.min.mjs');
    Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: at('ort/') });
    return { found: [], followed: [], alone: await Promise.all(models.map((model) => onnx(ort, model))) };
  },
};

/** What a frame of the page answers to. */
interface Bench {
  /** @returns the names of the contestants of each group */
  prepare(models: readonly Listed[]): Promise<Names>;
  /** One contestant's turn. @returns milliseconds of each frame */
  turn(group: Group, index: number, frames: number): Promise<number[]>;
}

/** The contestants of one library. */
function frameBench(load: (models: readonly Listed[]) => Promise<Groups>): Bench {
  let groups: Groups;
  return {
    async prepare(models) {
      picture = await createImageBitmap(await (await fetch(at('person.png'))).blob());
      draw();
      groups = await load(models);
      const namesOf = (group: Group) => groups[group].map(({ name }) => name);
      return { found: namesOf('found'), followed: namesOf('followed'), alone: namesOf('alone') };
    },
    async turn(group, index, frames) {
      const taken: number[] = [];
      for (let i = 0; i < frames; i++) {
        draw();
        const { before, run } = groups[group][index]!;
        await before?.();
        const from = performance.now();
        await run();
        taken.push(performance.now() - from);
      }
      return taken;
    },
  };
}

/** A library in a frame of its own: copies of tfjs in one realm would take each other's kernels. */
async function frameOf(who: string): Promise<Bench> {
  const element = document.createElement('iframe');
  element.src = at(`?who=${who}`);
  document.body.append(element);
  await new Promise((resolve) => element.addEventListener('load', resolve));
  return (element.contentWindow as unknown as Window).facesBench;
}

/** The page: hands each turn to the frame whose contestant it is. */
function pageBench(): Bench {
  const places: Record<Group, { readonly bench: Bench; readonly index: number }[]> = {
    found: [],
    followed: [],
    alone: [],
  };
  return {
    async prepare(models) {
      const all: Names = { found: [], followed: [], alone: [] };
      for (const who of Object.keys(LOADERS)) {
        const bench = await frameOf(who);
        const names = await bench.prepare(models);
        for (const group of ['found', 'followed', 'alone'] as const)
          for (const [index, name] of names[group].entries()) {
            all[group].push(name);
            places[group].push({ bench, index });
          }
      }
      return all;
    },
    turn(group, place, frames) {
      const { bench, index } = places[group][place]!;
      return bench.turn(group, index, frames);
    },
  };
}

declare global {
  interface Window {
    facesBench: Bench;
  }
}
const who = new URLSearchParams(location.search).get('who');
window.facesBench = who === null ? pageBench() : frameBench(LOADERS[who]!);
