import '../../src/app/app.css';
import { createRoot } from 'react-dom/client';
import { App } from '../../src/app/App.tsx';
import { systemClock } from '../../src/state/clock.ts';
import { stateConfig } from '../../src/state/config.ts';
import { createKiosk } from '../../src/state/kiosk.ts';
import { createI18n } from '../../src/ui/i18n/index.ts';
import { FakeEngine, FakeSource, MemoryGallery, person } from './fakes.ts';

/**
 * The kiosk's face with a scripted engine, camera and gallery, to look at every screen without a model:
 * `npx vite`, then open /test/kiosk/harness.html. Not part of the product's bundle.
 */
const engine = new FakeEngine();
const source = new FakeSource();
const gallery = new MemoryGallery();
gallery.people = [
  person(0, '김민지'),
  person(1, '이서준', { demo: true }),
  person(2, 'Alexandra Papadopoulos'),
];

/** A stand-in for a person before the camera: a drawn bust on the 640x480 of the fake frames. */
function drawScene(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#b9c0bd';
  context.fillRect(0, 0, 640, 480);
  for (const { x = 240, y = 140, width = 160 } of engine.scene) {
    const cx = x + width / 2;
    context.fillStyle = '#4a5a5c';
    context.beginPath();
    context.ellipse(cx, y + width * 2.3, width * 1.15, width, 0, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = '#d8b79c';
    context.beginPath();
    context.ellipse(cx, y + width * 0.6, width * 0.48, width * 0.62, 0, 0, 2 * Math.PI);
    context.fill();
  }
}

const canvas = document.createElement('canvas');
canvas.width = 640;
canvas.height = 480;
const context = canvas.getContext('2d')!;
setInterval(() => drawScene(context), 100);
source.attach = (video?: HTMLVideoElement) => {
  if (!video) return;
  video.srcObject = canvas.captureStream(10);
  void video.play();
};

const i18n = createI18n(new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'ko');
const kiosk = createKiosk({
  config: stateConfig,
  clock: systemClock,
  source,
  createEngine: () => engine,
  vision: async () => ({ modelUrl: '', detectorUrl: '', wasmUrl: '' }),
  openGallery: async () => gallery,
  storage: async () => ({ persisted: false, usedBytes: 52e6, quotaBytes: 21e9 }),
  chime: () => {},
  demo: false,
});
kiosk.run();
Object.assign(window, { harness: { engine, source, gallery, kiosk } });
createRoot(document.getElementById('root')!).render(
  <App kiosk={kiosk} i18n={i18n} language="ko" refused={[{ name: 'backend', value: 'cuda' }]} />,
);
