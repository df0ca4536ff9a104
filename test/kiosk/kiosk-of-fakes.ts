import { afterEach } from 'vitest';
import { stateConfig } from '../../src/state/config.ts';
import { createKiosk } from '../../src/state/kiosk.ts';
import type { KioskDeps } from '../../src/state/kiosk-types.ts';
import { FakeClock, FakeEngine, FakeSource, MemoryGallery, person } from './fakes.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(() => {
  // Not waited for: what hangs in a test hangs on its clock, which stands still from here on.
  for (const stop of stops.splice(0)) void stop();
});

/** A kiosk whose clock, camera, engine and gallery are fakes. Once started it is stopped after the test. */
export function kioskOfFakes(over: Partial<KioskDeps> = {}) {
  const clock = new FakeClock();
  const source = new FakeSource();
  /** the first engine; a kiosk that replaces it gets further ones */
  const engine = new FakeEngine();
  const engines: FakeEngine[] = [];
  const gallery = new MemoryGallery();
  gallery.people = [person(0, '김민지'), person(1, '이서준')];
  const kiosk = createKiosk({
    config: stateConfig,
    clock,
    source,
    createEngine: () => {
      const next = engines.length === 0 ? engine : new FakeEngine();
      engines.push(next);
      return next;
    },
    demo: false,
    vision: async () => ({ modelUrl: '', detectorUrl: '', wasmUrl: '' }),
    openGallery: async () => gallery,
    storage: async () => null,
    chime: () => {},
    catalogue: { folder: '', read: async () => ({ format: 2 }) },
    ...over,
  });
  const run = () => {
    const stop = kiosk.run();
    stops.push(stop);
    return stop;
  };
  const phase = () => kiosk.session.store.getState().phase;
  return { clock, source, engine, engines, gallery, kiosk, run, phase };
}
