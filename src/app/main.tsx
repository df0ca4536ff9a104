import './app.css';
import { systemClock } from '@rounz/core/time/clock.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createDemoCamera } from '../camera/demo/demo-camera.ts';
import { createWebcam } from '../camera/webcam.ts';
import { DEMO_DATABASE, GALLERY_DATABASE, openGallery } from '../gallery/gallery.ts';
import { chooseModel, installedModels } from '../state/engine/model-choice.ts';
import { createKiosk } from '../state/kiosk.ts';
import type { Kiosk } from '../state/kiosk-types.ts';
import { createI18n } from '../ui/i18n/index.ts';
import { createVisionEngine, type DetectorPlaces } from '../vision/client.ts';
import { allowOwnScripts } from '../vision/own-scripts.ts';
import type { VisionEngine } from '../vision/protocol.ts';
import { App } from './App.tsx';
import { chime } from './chime.ts';
import { type AppConfig, readConfig, settingsInForce } from './config.ts';
import { enrolDemoPeople } from './demo-people.ts';
import { browserHands, browserNotes, feedHealing } from './healing.ts';
import { keepUpToDate } from './keep-up-to-date.ts';
import { markReady } from './mark-ready.ts';
import { createModelShelf } from './models.ts';
import { fitPanel } from './panel.ts';
import { keepAwake } from './screen.ts';
import { servedSetUpCode } from './set-up-code.ts';
import { createSpeaker } from './speaker.ts';
import { protectStorage, storageState } from './storage.ts';

/** When the sources of this build were made, milliseconds since 1970; null: not known. */
const BUILT = Number(import.meta.env.VITE_SOURCES_AT) || null;

/** After an update of either, the browser's backends are raced again. */
const PROGRAM = `${import.meta.env.VITE_SOURCES_AT} ${navigator.userAgent}`;

/** Engines for the kiosk. The first one's detector starts with the page; with which recogniser, the gallery tells later. */
function engines(places: DetectorPlaces): () => VisionEngine {
  let first: VisionEngine | null = window.isSecureContext
    ? createVisionEngine(systemClock, undefined, places)
    : null;
  return () => {
    const engine = first ?? createVisionEngine(systemClock);
    first = null;
    return engine;
  };
}

/** Puts the real parts together. */
function wire(config: AppConfig): Kiosk {
  const { camera, catalogueUrl, demoUrl, model, preferences, vision, state } = config;
  const demo = camera === 'demo';
  const url = new URL(demoUrl, document.baseURI).href;
  const shelf = createModelShelf({ ...vision, program: PROGRAM }, url, model);
  return createKiosk({
    config: state,
    clock: systemClock,
    source: demo ? createDemoCamera(url, systemClock) : createWebcam(systemClock),
    createEngine: engines(vision),
    vision: (setUp) => chooseModel(shelf, setUp),
    models: () => installedModels(shelf),
    openGallery: (onEarlyNews) =>
      openGallery({ name: demo ? DEMO_DATABASE : GALLERY_DATABASE, built: BUILT, onEarlyNews }),
    storage: storageState,
    secure: window.isSecureContext,
    // Nobody's data is in the demonstration.
    ...(demo ? {} : { setUpCode: servedSetUpCode }),
    chime,
    speaker: createSpeaker(),
    preferences,
    override: (kept) => settingsInForce(kept, config),
    catalogue: { folder: catalogueUrl, read: () => readCatalogue(catalogueUrl) },
    demo,
    healing: browserHands(vision.forceBackend, systemClock),
    ...(demo ? {} : { notes: browserNotes }),
    isolated: window.crossOriginIsolated,
    ...(demo ? { prepare: (parts) => enrolDemoPeople({ ...parts, url, clock: systemClock }) } : {}),
  });
}

async function readCatalogue(folder: string): Promise<unknown> {
  const url = new URL('catalogue.json', new URL(folder, document.baseURI));
  const response = await fetch(url, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${url.pathname} is missing, HTTP ${response.status}`);
  return response.json();
}

allowOwnScripts(document.baseURI);
const { config, refused } = readConfig(window.location.search);
const kiosk = wire(config);
fitPanel(kiosk);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root, so there is nowhere to draw. Restore the file.');
createRoot(root).render(
  <StrictMode>
    <App kiosk={kiosk} i18n={createI18n(config.language)} refused={refused} />
  </StrictMode>,
);
kiosk.run();
feedHealing(kiosk);
markReady(kiosk);
keepAwake();
protectStorage(kiosk);
if (import.meta.env.PROD) void keepUpToDate(kiosk, config.update === 'soon', systemClock);
