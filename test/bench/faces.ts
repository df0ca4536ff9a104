import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Page } from '@playwright/test';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { isMirrored } from '@rounz/core/model/embedder.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import { fetchPackage } from '../../training/backend/fetch.ts';
import { findPackage } from '../../training/backend/optional-package.ts';
import { readModelFolder } from '../../training/model/model-folder.ts';
import { toOnnx } from '../../training/model/onnx.ts';
import { ONNXRUNTIME } from '../../training/model/onnx-runtime.ts';
import { bundle } from '../helpers/bundle.ts';
import { SHIPPED_MODELS } from '../helpers/models.ts';
import { type Figure, figure, medianOf, ratio, type Subject } from './figure.ts';
import { inChromium } from './in-chromium.ts';
import { processorTime } from './processor-time.ts';

const root = join(import.meta.dirname, '../..');
const ROUNDS = { full: 20, quick: 3 } as const;

/** Limits, as shares of a peer's median in the same run. */
const LIMITS = {
  found: { human: 0.65, faceApi: 0.25 },
  followed: { human: 0.45 },
  alone: 1,
} as const;
const LIGHT = 'rounz-light';
/** It wants a graphics device; on WASM no limit holds it. */
const LARGE = 'rounz-r50';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
};

/** Where each folder of the page's addresses lies. */
function folders(recognisers: string): ReadonlyMap<string, string> {
  const human = join(root, 'node_modules/@vladmandic/human');
  const faceApi = join(root, 'node_modules/@vladmandic/face-api');
  return new Map([
    ['models', recognisers],
    ['detector', join(root, 'dist/models/detector')],
    ['wasm', join(root, 'dist/wasm')],
    ['human', join(human, 'dist')],
    ['human-models', join(human, 'models')],
    ['face-api', join(faceApi, 'dist')],
    ['face-api-models', join(faceApi, 'model')],
    ['ort', join(findPackage('onnxruntime-web') ?? fetchPackage('onnxruntime-web', ONNXRUNTIME), 'dist')],
  ]);
}

/** A model as onnxruntime-web takes it, with a mirrored pass where its templates have one: the golden embeddings are templates. */
function onnxOf(folder: string): Uint8Array {
  const { manifest, weights } = readModelFolder(folder);
  const { size, networkSize = size } = manifest.input;
  const folded = unpackWeights(manifest.tensors, weights);
  const mirror = isMirrored(manifest.input, 'template');
  return toOnnx(planNetwork(manifest.architecture), folded, networkSize, { mirror });
}

/** What isolates the page, as the kiosk is: only then may its engine have threads. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Serves page, peers and models from one origin. */
async function serve(recognisers: string): Promise<{ readonly address: string; readonly close: () => void }> {
  const { entry, scripts } = await bundle(join(import.meta.dirname, 'faces-page.ts'));
  const lying = folders(recognisers);
  const made = new Map<string, Uint8Array | string>([
    ['', `<!doctype html><title>faces</title><script type="module" src="/${entry}"></script>`],
    ['person.png', readFileSync(join(root, 'test/fixtures/people/kim-yeonghee/glasses.png'))],
    ...scripts,
    ...SHIPPED_MODELS.map(
      ({ name, folder }) => [`onnx/${name}.onnx`, onnxOf(join(recognisers, folder))] as const,
    ),
  ]);
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0]!);
    const [folder = '', ...rest] = path.split('/');
    const type = TYPES[extname(path)] ?? (path === '' ? 'text/html' : 'application/octet-stream');
    const own = made.get(path);
    const file = lying.has(folder) ? normalize(join(lying.get(folder)!, ...rest)) : null;
    if (own !== undefined) response.writeHead(200, { ...ISOLATED, 'Content-Type': type }).end(own);
    else if (file && existsSync(file) && statSync(file).isFile()) {
      response.writeHead(200, { ...ISOLATED, 'Content-Type': type });
      createReadStream(file).pipe(response);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Turns of one contestant: how long each took, and for how long it had the processor, milliseconds. */
interface Turns {
  readonly values: number[];
  readonly worked: number[];
}
type Group = 'found' | 'followed' | 'alone';
type Race = ReadonlyMap<string, Turns>;

/**
 * Frames of a turn. Whoever follows a face was away while the others had their turns, and finds it anew in the first frames,
 * which do not count.
 */
const FRAMES: Readonly<Record<Group, { readonly unmeasured: number; readonly measured: number }>> = {
  found: { unmeasured: 0, measured: 1 },
  followed: { unmeasured: 1, measured: 5 },
  alone: { unmeasured: 0, measured: 1 },
};

/** Frames before all turns, which compile kernels and let the browser optimise the scripts: a kiosk runs all day. */
const WARM_UP = 8;

/** Times a group's contestants in turns, once each of them is warm. */
async function race(page: Page, profile: string, group: Group, names: readonly string[], rounds: number) {
  const turns = new Map(names.map((name): [string, Turns] => [name, { values: [], worked: [] }]));
  const { unmeasured, measured } = FRAMES[group];
  const turn = (at: number, frames: number): Promise<number[]> =>
    page.evaluate(([of, index, count]) => window.facesBench.turn(of, index, count), [
      group,
      at,
      frames,
    ] as const);
  for (const at of names.keys()) await turn(at, WARM_UP);
  for (let round = 0; round < rounds; round++)
    for (const [index, name] of names.entries()) {
      if (unmeasured > 0) await turn(index, unmeasured);
      const before = processorTime(profile);
      const took = await turn(index, measured);
      const after = processorTime(profile);
      turns.get(name)!.values.push(...took);
      if (before !== null && after !== null) turns.get(name)!.worked.push((after - before) / measured);
    }
  return turns;
}

interface FacesOptions {
  readonly quick: boolean;
  /** folder of model folders that are called as the shipped ones are (default: the shipped ones) */
  readonly models?: string;
}

/**
 * Both recognisers beside human, face-api and onnxruntime-web in one Chromium page on WASM. Each has one thread, tfjs' own rule
 * for two cores; the kiosk's whole engine stands beside them with the threads that its race gave it.
 */
export function faces({ quick, models = join(root, 'public/models') }: FacesOptions): Subject {
  const rounds = quick ? ROUNDS.quick : ROUNDS.full;
  return {
    name: 'faces',
    async run(say) {
      say(`${rounds} turns of each, WASM`);
      const served = await serve(models);
      return inChromium('faces', served, 'facesBench', async (page, profile) => {
        page.on('console', (message) => {
          if (message.type() === 'log' && message.text().startsWith('rounz-')) say(message.text());
        });
        const names = await page.evaluate((models) => window.facesBench.prepare(models), SHIPPED_MODELS);
        const run = (group: Group) => race(page, profile, group, names[group], rounds);
        return figuresOf({
          found: await run('found'),
          followed: await run('followed'),
          alone: await run('alone'),
        });
      });
    },
  };
}

function figuresOf({ found, followed, alone }: Record<Group, Race>): Figure[] {
  const times = (what: string, of: Race): Figure[] =>
    [...of].map(([name, { values, worked }]) =>
      figure(`${what}: ${name}`, { values, worked: worked.length > 0 ? medianOf(worked) : null }),
    );
  const compared = (what: string, of: Race, ours: string, theirs: string, limit: number | null): Figure[] => {
    const [a, b] = [of.get(ours)!, of.get(theirs)!];
    const name = `${what}: ${ours} / ${theirs}`;
    // On a busy machine the ratio of processor times is the more reliable one.
    const work = a.worked.length > 0 ? [ratio(`${name}, processor time`, a.worked, b.worked, null)] : [];
    return [ratio(name, a.values, b.values, limit), ...work];
  };
  return [
    ...times('from nothing', found),
    ...times('followed', followed),
    ...times('embedder', alone),
    ...compared('from nothing', found, LIGHT, 'human', LIMITS.found.human),
    ...compared('from nothing', found, LIGHT, 'face-api', LIMITS.found.faceApi),
    ...compared('followed', followed, LIGHT, 'human', LIMITS.followed.human),
    ...compared('from nothing', found, LARGE, 'human', null),
    ...compared('from nothing', found, `${LIGHT}, the engine`, 'human', null),
    ...compared('from nothing', found, `${LARGE}, the engine`, 'human', null),
    ...SHIPPED_MODELS.flatMap(({ name, wants }) =>
      compared('embedder', alone, `${name}, tfjs`, `${name}, onnxruntime-web`, wants ? null : LIMITS.alone),
    ),
  ];
}
