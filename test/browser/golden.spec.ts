import { basename, join } from 'node:path';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { MOBILENET, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import { type Lane, PLAIN } from '@rounz/core/model/backend-race.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { useWasmBackend } from '../../training/backend/wasm.ts';
import { writeRandomModel } from '../../training/model/test-model.ts';
import { type Bundle, bundle } from '../helpers/bundle.ts';
import { SHIPPED_MODELS, TESTED_MODEL } from '../helpers/models.ts';
import { QUICK } from '../soak/length.ts';
import type { BrowserReplay } from './replay-page.ts';

/**
 * Golden embeddings in a real Chromium: every shipped model on WASM, on one thread and on two. On WebGPU, where the browser has an
 * adapter, small networks of their kinds; in `npm run soak` the shipped ones, too. The page runs on the kiosk's origin, so that its
 * files and its content security policy are the shipped ones.
 */

/** A software adapter will do: it is what the shaders compute that is checked, not how fast. */
const GPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

/** More golden inputs than a model has: all of them. */
const ALL = 1000;
const soaks = () => test.info().project.name === 'soak';
/** On a software adapter an embedding takes long, and one goes through every shader; `npm run soak` tries them all. */
const casesOf = ({ backend }: Lane) => (backend === 'wasm' || (soaks() && !QUICK) ? ALL : 1);

// Each kind of layer of the shipped models, once: what a software adapter takes long for is to compile the shaders, and there is one for
// each shape.
const SMALL_RESNET: Architecture = {
  ...SFACE_RESNET50,
  width: 8,
  blocks: [2, 1, 2, 1],
  head: { neck: 24, side: 7, outputs: 16 },
  embeddingSize: 64,
};
const SMALL: Architecture = {
  ...MOBILENET,
  width: 8,
  blocks: [
    { outputs: 16, stride: 2 },
    { outputs: 16, stride: 1 },
    { outputs: 32, stride: 2 },
    { outputs: 32, stride: 2 },
    { outputs: 64, stride: 2 },
  ],
  head: { neck: 24, side: MOBILENET.head.side, outputs: 16 },
  embeddingSize: 64,
};

const TWO: Lane = { backend: 'wasm', threads: 2 };
const GPU: Lane = { backend: 'webgpu', threads: 1 };

let replay: Bundle;

test.beforeAll(async () => {
  replay = await bundle(join(import.meta.dirname, 'replay-page.ts'));
});

/** Answers for a model folder that the kiosk is not shipped with. */
async function serveModel(page: Page, folder: string): Promise<void> {
  await page.route(`**/models/${basename(folder)}/*`, (route) =>
    route.fulfill({ path: join(folder, new URL(route.request().url()).pathname.split('/').at(-1)!) }),
  );
}

/** Opens a page of the kiosk's origin that knows how to replay. */
async function openReplay(page: Page): Promise<void> {
  const { entry, scripts } = replay;
  const headers = (await page.request.get('./')).headers();
  await page.route('**/replay/**', (route) => {
    const name = new URL(route.request().url()).pathname.split('/replay/')[1]!;
    const script = scripts.get(name);
    if (script !== undefined)
      return route.fulfill({
        contentType: 'text/javascript',
        body: script,
        headers: { ...headers, 'content-type': 'text/javascript' },
      });
    const html = `<!doctype html><base href="/"><script type="module" src="/replay/${entry}"></script>`;
    return route.fulfill({ body: html, headers: { ...headers, 'content-type': 'text/html' } });
  });
  await page.goto('replay/page.html');
  await page.waitForFunction(() => 'replayGolden' in window);
}

async function replayIn(
  browser: Browser,
  baseURL: string,
  folder: string,
  lane: Lane,
  own?: string,
): Promise<BrowserReplay> {
  const page = await browser.newPage({ baseURL });
  const trouble: string[] = [];
  page.on('pageerror', ({ message }) => trouble.push(message));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  if (own !== undefined) await serveModel(page, own);
  await openReplay(page);
  const found = await page.evaluate(([model, way, cases]) => window.replayGolden(model, way, cases), [
    folder,
    lane,
    casesOf(lane),
  ] as const);
  await page.close();
  expect(trouble).toEqual([]);
  return found;
}

const passed = (lane: Lane) =>
  expect.objectContaining({
    kind: 'replayed',
    ...lane,
    leaked: 0,
    test: expect.objectContaining({ kind: 'passed' }),
  });

for (const { name, folder } of SHIPPED_MODELS) {
  for (const lane of [PLAIN, TWO])
    test(`${name} reproduces its golden embeddings on WASM with threads: ${lane.threads}${name === TESTED_MODEL.name ? '' : ' @long'}`, async ({
      browser,
      baseURL,
    }) => {
      const found = await replayIn(browser, baseURL!, folder, lane);
      expect(found).toEqual(passed(lane));
      expect(found).toMatchObject({ dispatches: 0 });
    });

  test(`${name} reproduces its golden embeddings on WebGPU`, async ({ baseURL }) => {
    test.skip(
      !soaks(),
      'Minutes on a software adapter: npm run soak. The kiosk tests itself when it starts.',
    );
    expect(await dispatchesOnWebGpu(baseURL!, folder)).toBeGreaterThan(50);
  });
}

for (const [name, architecture] of [
  ['a small MobileNet @long', SMALL],
  ['a small ResNet @long', SMALL_RESNET],
] as const)
  test(`${name} reproduces its golden embeddings on WebGPU`, async ({ baseURL }) => {
    await useWasmBackend();
    const folder = await writeRandomModel(test.info().outputPath('small-model'), architecture);
    expect(await dispatchesOnWebGpu(baseURL!, 'small-model', folder)).toBeGreaterThan(15);
  });

/**
 * Replays a model on WebGPU.
 *
 * @param own where its files are, if it is not shipped
 * @returns dispatches for a face: each layer is one at least, and a face must not need a thousand
 */
async function dispatchesOnWebGpu(baseURL: string, name: string, own?: string): Promise<number> {
  // A software adapter shares the cores with whatever else runs.
  const executablePath = process.env['CHROMIUM_PATH'];
  const browser = await chromium.launch({
    args: ['--no-sandbox', ...GPU_FLAGS],
    ...(executablePath ? { executablePath } : {}),
  });
  try {
    const found = await replayIn(browser, baseURL, name, GPU, own);
    test.skip(found.kind === 'no-adapter', 'This browser has no WebGPU adapter, not even a software one.');
    expect(found).toEqual(passed(GPU));
    const dispatches = found.kind === 'replayed' ? found.dispatches : 0;
    test.info().annotations.push({ type: 'dispatches for a face', description: String(dispatches) });
    expect(dispatches).toBeLessThan(1000);
    return dispatches;
  } finally {
    await browser.close();
  }
}
