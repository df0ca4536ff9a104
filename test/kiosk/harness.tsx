import '../../src/app/app.css';
import { systemClock } from '@rounz/core/time/clock.ts';
import { createRoot } from 'react-dom/client';
import { App } from '../../src/app/App.tsx';
import { stateConfig } from '../../src/state/config.ts';
import { createKiosk } from '../../src/state/kiosk.ts';
import { noTrack } from '../../src/state/session/model/track.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { createI18n } from '../../src/ui/i18n/index.ts';
import { fakeCustomers } from './fake-customers.ts';
import { FakeLock } from './fake-lock.ts';
import {
  FakeEngine,
  FakeSettings,
  FakeSource,
  MemoryGallery,
  person,
  report,
  SIGNS_POSTED,
} from './fakes.ts';
import { FROZEN, MODES, type ModeName, SCREENS, type Screen, type ScreenName } from './screens.ts';

/**
 * The kiosk's face with a scripted engine, camera and gallery, to look at every screen without a model: `npx vite`, then open
 * /test/kiosk/harness.html, or /test/kiosk/harness.html?frozen to have `harness.show(NAME, MODE, LANGUAGE)` put each screen of
 * screens.ts there and keep it. Not part of the product's bundle.
 */
const settings = new URLSearchParams(location.search);
const frozen = settings.has('frozen');
const engine = new FakeEngine();
const source = new FakeSource();
const gallery = new MemoryGallery();
const language = settings.get('lang') === 'en' ? 'en' : 'ko';
const shopPage = 'https://shop.example.com/frames';
gallery.settings = new FakeSettings({ ...SIGNS_POSTED, language, shopPage });
gallery.people = [
  person(0, '김민지'),
  person(1, '이서준', { demo: true }),
  person(2, 'Alexandra Papadopoulos'),
];
const lock = new FakeLock(systemClock, '246813');
Object.assign(gallery, { customers: fakeCustomers(gallery), lock });

/** A rendered person before the camera, on the 640x480 of the fake frames. */
const portrait = new Image();
portrait.src = '/test/fixtures/people/seo-jiwoo/glasses.png';

function drawScene(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#ccd0d2';
  context.fillRect(0, 0, 640, 480);
  const height = 480;
  const width = (height * portrait.width) / Math.max(1, portrait.height);
  if (frozen || engine.scene.length > 0)
    context.drawImage(portrait, 320 - width / 2, 480 - height, width, height);
}

const canvas = document.createElement('canvas');
canvas.width = 640;
canvas.height = 480;
const context = canvas.getContext('2d')!;
await portrait.decode();
drawScene(context);
if (!frozen) setInterval(() => drawScene(context), 100);
const still = canvas.toDataURL('image/png');
source.attach = (video?: HTMLVideoElement) => {
  if (!video) return () => {};
  // The time of a stream's frames varies: a screen that is compared with a picture shows one frame alone.
  if (frozen) video.poster = still;
  else {
    video.srcObject = canvas.captureStream(10);
    void video.play();
  }
  return () => {};
};

const i18n = createI18n(language);
const running = createKiosk({
  config: stateConfig,
  clock: frozen ? { ...systemClock, now: () => FROZEN, date: () => '2026-11-25T02:00:00.000Z' } : systemClock,
  source,
  createEngine: () => engine,
  vision: async () => ({ modelUrl: '', detectorUrl: '', wasmUrl: '' }),
  openGallery: async () => gallery,
  storage: async () => ({ persisted: false, usedBytes: 52e6, quotaBytes: 21e9 }),
  chime: () => {},
  catalogue: {
    folder: '/catalogue/',
    read: async () => (await fetch('/catalogue/catalogue.json')).json(),
  },
  demo: false,
});

const frame = () => new Promise(requestAnimationFrame);
let changes = 0;
new MutationObserver(() => {
  changes += 1;
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
/** Until two frames have passed without a change of the page: state, language and effects come one after the other. */
async function painted(): Promise<void> {
  for (let frames = 0, still = 0; still < 2 && frames < 60; frames++) {
    const before = changes;
    await frame();
    still = changes === before ? still + 1 : 0;
  }
}

// A frozen kiosk has no frames in which to look at a face.
const kiosk = frozen
  ? { ...running, fit: { look: async () => ({ kind: 'told', width: 'medium' }) as const } }
  : running;

/** Frames that a busy machine may take until what was asked for is drawn. */
const PATIENCE = 1_200;
/** Until `find` finds something; a screen that is another one than was asked for must not be looked at. */
async function drawn<T>(what: string, find: () => T | null | undefined | false): Promise<T> {
  for (let frames = 0; frames < PATIENCE; frames++) {
    const found = find();
    if (found) return found;
    await frame();
  }
  throw new Error(`The harness waited in vain for ${what}.`);
}

/** Touches what is shown; letters of the search pad that has the other language's are not there. */
async function touch(touched: string | readonly [testId: string, key: string]): Promise<void> {
  if (typeof touched === 'string') {
    const find = () => document.querySelector<HTMLElement>(`[data-testid="${touched}"]`);
    return (await drawn(`${touched} to be touched`, find)).click();
  }
  const [testId, key] = touched;
  await drawn(`the keys ${testId}`, () => document.querySelector(`[data-testid="${testId}"]`));
  document.querySelector<HTMLElement>(`[data-testid="${testId}"][data-key="${key}"]`)?.click();
}

const ends = (one: Animation) =>
  one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime);
/** Until nothing is on its way any more: what is inherited passes from part to part, a frame for each. */
async function settled(): Promise<void> {
  for (let frames = 0; frames < 60 && document.getAnimations().some(ends); frames++) await frame();
}

/** Until the fonts and pictures of the screen are there. */
async function loaded(): Promise<void> {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode()));
}

/** Puts a screen there, in a mode and a language, and waits until it is drawn. */
async function show(name: ScreenName, mode: ModeName, language: string): Promise<void> {
  const screen: Screen = SCREENS[name];
  for (const dialog of document.querySelectorAll('dialog')) dialog.dispatchEvent(new Event('cancel'));
  // What was touched on the screen before, a search, ends with it.
  if (screen.opens) {
    kiosk.session.store.setState({ phase: SCREENS.leaving.phase });
    await painted();
  }
  kiosk.staffCall.cancel();
  if (screen.called) kiosk.staffCall.call('join');
  const ready = { kind: 'ready' } as const;
  kiosk.session.store.setState({
    phase: screen.phase,
    faceCount: screen.faceCount ?? 1,
    track: { ...noTrack, worn: screen.worn ?? [] },
    systems: {
      engine: screen.phase.kind === 'starting' ? { kind: 'pending' } : ready,
      gallery: ready,
      camera: screen.dark ? { kind: 'off' } : { kind: 'live', label: 'Fake', width: 640, height: 480 },
    },
  });
  // After the state: the end of a visit takes the visitor's choices back.
  kiosk.preferences.reset();
  kiosk.preferences.set({ ...MODES[mode], calm: true });
  await i18n.changeLanguage(language);
  await painted();
  const shown = `[data-testid="${TEST_IDS.kiosk}"][data-phase="${screen.phase.kind}"]`;
  await drawn(
    `${name} in ${language}`,
    () => document.documentElement.lang === language && document.querySelector(shown),
  );
  for (const touched of screen.opens ?? []) {
    await touch(touched);
    await painted();
  }
  const dialogs = screen.dialog ? 1 : 0;
  await drawn(
    `${name} with ${dialogs} dialogs`,
    () => document.querySelectorAll('dialog[open]').length === dialogs,
  );
  await loaded();
  await settled();
}

/** The enrolment's camera, which tells the customer what to take off. */
async function showTakeOff(language: string): Promise<void> {
  // As it is once the screen was handed over. The console asks the lock itself each second: what is set in its store does not stay.
  lock.set({ kind: 'locked', failures: 0, retryAt: null });
  location.hash = '#/staff/enrol';
  await i18n.changeLanguage(language);
  // Entering the console takes the enrolment back to its form.
  do await painted();
  while (!document.querySelector(`[data-testid="${STAFF_IDS.lockScreen}"][data-lock="locked"]`));
  kiosk.enrolment.store.setState(
    { kind: 'capture', name: '김민지', accepted: 1, hint: 'covered', mayConfirmBare: true },
    true,
  );
  // The mirror has to be there to hear of the face.
  await painted();
  kiosk.live.setState({ report: report([{ worn: ['eyewear'] }]) });
  await loaded();
  await painted();
  await settled();
}

if (frozen) {
  // Nobody follows the gallery's settings there.
  const { inForce } = kiosk.settings.store.getState();
  kiosk.settings.store.setState({ inForce: { ...inForce, shopPage } });
  await kiosk.people.open();
  await kiosk.catalogue.open();
} else kiosk.run();
Object.assign(window, { harness: { engine, source, gallery, kiosk, show, showTakeOff } });
createRoot(document.getElementById('root')!).render(
  <App kiosk={kiosk} i18n={i18n} refused={[{ name: 'backend', value: 'cuda' }]} />,
);
