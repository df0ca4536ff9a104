import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Locator, type Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Scene, writeClip } from './clip.ts';
import { HALF_SCALE, NO_ADDRESS_BAR } from './flags.ts';
import { TESTED_MODEL } from './models.ts';
import { SET_UP_FILE } from './set-up.ts';
import { agreeToConsent, comeBack, openConsole } from './staff.ts';
import { raiseStage, type StageScene, setStage } from './stage.ts';

/** The scene in front of the kiosk's camera. */
export type FakeCamera =
  /** Chromium's own fake device, which plays these for ever. `size`: factor on 640x480 */
  | { readonly kind: 'clip'; readonly scenes: readonly Scene[]; readonly size?: number }
  /** the same with the frames of a clip, JPEG, thirty a second */
  | { readonly kind: 'frames'; readonly jpegs: readonly Buffer[] }
  /** the scene that the test sets with `stand` */
  | { readonly kind: 'stage'; readonly scene: StageScene }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused' };

/** Chromium without its own errands, so that each request is the kiosk's. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  NO_ADDRESS_BAR,
];

async function cameraFlags(camera: FakeCamera, folder: string): Promise<string[]> {
  if (camera.kind === 'none' || camera.kind === 'stage') return ['--use-fake-ui-for-media-stream'];
  if (camera.kind === 'refused') return ['--use-fake-device-for-media-stream', '--deny-permission-prompts'];
  const file = join(folder, 'camera.mjpeg');
  if (camera.kind === 'clip') await writeClip(file, camera.scenes, camera.size);
  else writeFileSync(file, Buffer.concat(camera.jpegs));
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

/** A browser in which the kiosk is open. */
export interface OpenKiosk {
  readonly context: BrowserContext;
  readonly page: Page;
  /** requests that left the kiosk's origin */
  readonly strayRequests: readonly string[];
  /** console errors and uncaught exceptions */
  readonly errors: readonly string[];
  /** Changes the scene of a camera of kind `stage`. */
  stand(scene: StageScene): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly camera: FakeCamera;
  /** below the kiosk's address, e.g. `?lang=en#/staff` */
  readonly path?: string;
  /** runs before the kiosk is opened, e.g. to answer its requests */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
  /** further flags of the browser */
  readonly flags?: readonly string[];
  /** leaves the set-up code to the server; otherwise it is `SET_UP_CODE` */
  readonly servesSetUpCode?: boolean;
  /** where files are saved: in the download folder, or in a private file that the browser's own dialog would have given */
  readonly savesInto?: 'downloads' | 'picked';
  /** lets the kiosk choose its recogniser; otherwise the address asks for the lightest one, so that no test pays for timing */
  readonly choosesModel?: boolean;
  /** leaves the kiosk's question to the test; otherwise whoever is asked agrees at once, by a touch of the button */
  readonly answers?: boolean;
  /**
   * lets the service worker store the kiosk for use without a network; off, so that no test downloads 60 MB that it does not need
   */
  readonly keepsItself?: boolean;
  /**
   * paints as in a shop: every pixel, and what moves; off: a quarter of the pixels, and as where less motion was asked for, so that no
   * test pays for painting
   */
  readonly asInShop?: boolean;
}

/**
 * tsx, which runs the benchmarks, calls this helper in each compiled function to keep the function's name, also in those that run
 * in the page.
 */
const KEEPS_NAMES = 'globalThis.__name = (named) => named;';

/** One kiosk's disk: what is enrolled outlives the browser, as on a real kiosk that is started anew. */
export class KioskMachine {
  readonly #folder: string;
  readonly #address: string;
  #open: OpenKiosk | undefined;

  /** @param folder the disk, removed by `dispose`; a temporary one where absent */
  constructor(address: string, folder = mkdtempSync(join(tmpdir(), 'kiosk-'))) {
    this.#address = address;
    this.#folder = folder;
  }

  /** Starts the browser with that camera. A camera's clip is fixed at start, so a new one needs a new start. */
  async open(options: OpenOptions): Promise<OpenKiosk> {
    const {
      camera,
      path = '',
      prepare,
      flags = [],
      keepsItself = false,
      asInShop = false,
      servesSetUpCode = false,
      savesInto = 'downloads',
      choosesModel = false,
      answers = false,
    } = options;
    await this.#open?.close();
    const context = await chromium.launchPersistentContext(join(this.#folder, 'profile'), {
      ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
      headless: true,
      args: [
        ...QUIET,
        ...(asInShop ? [] : [HALF_SCALE]),
        ...(await cameraFlags(camera, this.#folder)),
        ...flags,
      ],
      viewport: { width: 1080, height: 1350 },
      deviceScaleFactor: 0.5,
      hasTouch: true,
      reducedMotion: asInShop ? 'no-preference' : 'reduce',
      serviceWorkers: keepsItself ? 'allow' : 'block',
      locale: 'ko-KR',
      // a web server of a test signs its own certificate
      ignoreHTTPSErrors: true,
    });
    const kiosk = watch(context, new URL(this.#address).origin);
    await context.addInitScript({ content: KEEPS_NAMES });
    if (camera.kind === 'stage') await raiseStage(context, camera.scene);
    if (!answers) await context.addInitScript(agreeAtOnce, TEST_IDS.agree);
    if (!servesSetUpCode)
      await context.route('**/setup.json', (route) =>
        route.fulfill({ body: SET_UP_FILE, contentType: 'application/json' }),
      );
    await context.addInitScript(answersPicker, savesInto);
    await prepare?.(context);
    const address = new URL(path, this.#address);
    if (!choosesModel && !address.searchParams.has('model'))
      address.searchParams.set('model', TESTED_MODEL.name);
    await kiosk.page.goto(address.href);
    this.#open = kiosk;
    return kiosk;
  }

  /** Another kiosk whose disk holds what this one's does; this one's browser is closed, so that it is all written. */
  async copy(): Promise<KioskMachine> {
    await this.#open?.close();
    this.#open = undefined;
    const copy = new KioskMachine(this.#address);
    cpSync(this.#folder, copy.#folder, { recursive: true });
    return copy;
  }

  async dispose(): Promise<void> {
    await this.#open?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs in the page: a visitor who touches the button that agrees as soon as it is there. */
export function agreeAtOnce(testId: string): void {
  const touch = () => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click();
  new MutationObserver(touch).observe(document, { childList: true, subtree: true });
}

function watch(context: BrowserContext, origin: string): OpenKiosk {
  const strayRequests: string[] = [];
  const errors: string[] = [];
  const page = context.pages()[0]!;
  const own = [origin, `blob:${origin}`, 'data:', 'about:'];
  context.on('request', (request) => {
    if (!own.some((start) => request.url().startsWith(start))) strayRequests.push(request.url());
  });
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    context,
    page,
    strayRequests,
    errors,
    stand: (scene) => setStage(page, scene),
    close: () => context.close(),
  };
}

/** Start-up with its download, its self-test and its warm-up, on two busy cores, milliseconds. */
const START_LIMIT = 240_000;

export const kioskRoot = (page: Page) => page.getByTestId(TEST_IDS.kiosk);

/** Waits for the kiosk's phase; the first wait includes the start of the engine. */
export async function expectPhase(page: Page, phase: string | RegExp, timeout = START_LIMIT): Promise<void> {
  await expect(kioskRoot(page)).toHaveAttribute('data-phase', phase, { timeout });
}

/**
 * Begins to enrol whoever stands before the camera, through the staff console, from `#/staff/enrol`; the person agrees.
 *
 * @returns the enrolment, which looks at the camera from now on
 */
export async function beginEnrolment(page: Page, name: string): Promise<Locator> {
  await openConsole(page);
  await page.getByTestId(TEST_IDS.enrolName).fill(name);
  const start = page.getByTestId(TEST_IDS.enrolStart);
  await expect(start).toBeEnabled({ timeout: START_LIMIT });
  await start.click();
  await agreeToConsent(page);
  return page.getByTestId(TEST_IDS.enrolment);
}

/** Enrols whoever stands before the camera, as `beginEnrolment`. */
export async function enrol(page: Page, name: string): Promise<void> {
  const enrolment = await beginEnrolment(page, name);
  await comeBack(page);
  await expect(enrolment).toHaveAttribute('data-phase', /saved|duplicate|unlike|failed/, {
    timeout: 180_000,
  });
  await expect(enrolment).toHaveAttribute('data-phase', 'saved');
}

/** Runs in the page, before it: nobody is there to answer the browser's dialog. */
function answersPicker(savesInto: 'downloads' | 'picked'): void {
  const picked = async ({ suggestedName }: { readonly suggestedName: string }) => {
    const folder = await navigator.storage.getDirectory();
    return folder.getFileHandle(suggestedName, { create: true });
  };
  Object.assign(window, { showSaveFilePicker: savesInto === 'picked' ? picked : undefined });
}
