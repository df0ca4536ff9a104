import { DEFAULT_SETTINGS } from '@rounz/core/settings/settings.ts';
import { describe, expect, it } from 'vitest';
import { MemoryGallery, settle } from '../../test/kiosk/fakes.ts';
import { kioskOfFakes } from '../../test/kiosk/kiosk-of-fakes.ts';
import type { ModelChoice } from '../gallery/contract/recogniser.ts';

const choice: ModelChoice = {
  name: 'big',
  reason: 'measured',
  at: '2026-11-24T00:00:00.000Z',
  limit: 1_500,
  measured: [{ name: 'big', milliseconds: 900, backend: 'wasm' }],
};

const installed = ['big', 'small'].map((name) => ({ name, tooLarge: false }));

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
    const { clock, kiosk, run } = kioskOfFakes({
      vision: async ({ kept }) => {
        started.push((await kept).choice?.name);
        return { modelUrl: '', detectorUrl: '', wasmUrl: '' };
      },
      openGallery: async (onEarlyNews) => {
        onEarlyNews({
          recogniser: { choice: gallery.choice, race: null },
          settings: { settings: DEFAULT_SETTINGS, problems: [] },
        });
        return gallery;
      },
      models: async () => installed,
    });
    run();
    await clock.advance(1_000);
    expect(started).toEqual(['big']);
    expect(await kiosk.recogniserChange.installed()).toEqual(installed);
    await kiosk.recogniserChange.use('small');
    await settle();
    await clock.advance(1_000);
    expect(gallery.choice).toMatchObject({ name: 'small', reason: 'staff', measured: choice.measured });
    expect(started).toEqual(['big', 'small']);
    expect(kiosk.session.store.getState().systems.engine).toEqual({ kind: 'ready' });
  });
});
