import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, FakeEngine, FakeSource, MemoryGallery, settle } from '../../test/kiosk/fakes.ts';
import type { ModelChoice } from '../gallery/contract/recogniser.ts';
import { stateConfig } from './config.ts';
import { createKiosk } from './kiosk.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const choice: ModelChoice = {
  name: 'big',
  reason: 'measured',
  at: '2026-11-24T00:00:00.000Z',
  limit: 1_500,
  measured: [{ name: 'big', milliseconds: 900, backend: 'wasm' }],
};

describe('the change of the recogniser', () => {
  it('keeps the choice of staff with the times of set-up, and starts the engine with it', async () => {
    const gallery = new MemoryGallery();
    gallery.choice = choice;
    Object.assign(gallery.staff, {
      setRecogniser: async (next: ModelChoice) => {
        gallery.choice = next;
      },
    });
    const started: (string | undefined)[] = [];
    const clock = new FakeClock();
    const kiosk = createKiosk({
      config: stateConfig,
      clock,
      source: new FakeSource(),
      createEngine: () => new FakeEngine(),
      demo: false,
      vision: async ({ kept }) => {
        started.push((await kept).choice?.name);
        return { modelUrl: '', detectorUrl: '', wasmUrl: '' };
      },
      openGallery: async (onRecogniser) => {
        onRecogniser({ choice: gallery.choice, race: null });
        return gallery;
      },
      storage: async () => ({ persisted: true, usedBytes: 0, quotaBytes: 1 }),
      chime: () => {},
      catalogue: { folder: '', read: async () => ({ format: 1, frames: [] }) },
      models: async () => ['big', 'small'],
    });
    stops.push(kiosk.run());
    await clock.advance(1_000);
    expect(started).toEqual(['big']);
    expect(await kiosk.recogniserChange.names()).toEqual(['big', 'small']);
    await kiosk.recogniserChange.use('small');
    await settle();
    await clock.advance(1_000);
    expect(gallery.choice).toMatchObject({ name: 'small', reason: 'staff', measured: choice.measured });
    expect(started).toEqual(['big', 'small']);
    expect(kiosk.session.store.getState().systems.engine).toEqual({ kind: 'ready' });
  });
});
