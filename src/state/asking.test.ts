import { DEFAULT_SETTINGS, type Settings } from '@rounz/core/settings/settings.ts';
import { describe, expect, it } from 'vitest';
import { FakeSettings, SIGNS_POSTED } from '../../test/kiosk/fakes.ts';
import { kioskOfFakes } from '../../test/kiosk/kiosk-of-fakes.ts';

async function opened(settings: Settings = DEFAULT_SETTINGS) {
  const fakes = kioskOfFakes();
  fakes.gallery.settings = new FakeSettings(settings);
  fakes.run();
  await fakes.clock.advance(500);
  return fakes;
}

/** Far to the side of the face of a scene without `x`. */
const ASIDE = { x: -60, width: 200 };

describe('asking first', () => {
  it('embeds nobody who passes by or stands there, however long and near', async () => {
    const { clock, engine, phase } = await opened();
    for (const scene of [[{ who: 0 }], [{ who: 1, x: 0 }, { who: 0 }], [], [{ who: 1, width: 400 }]]) {
      engine.scene = scene;
      await clock.advance(10_000);
    }
    expect(phase().kind).toBe('consent');
    expect(engine.asked.length).toBeGreaterThan(50);
    expect(engine.embedded).toEqual([]);
  });

  it('embeds whoever touched, and greets them', async () => {
    const { clock, engine, kiosk, phase } = await opened();
    engine.scene = [{ who: 0 }];
    await clock.advance(1_000);
    kiosk.session.touch('agree');
    await clock.advance(1_500);
    expect(phase().kind).toBe('greeted');
    expect(new Set(engine.embedded)).toEqual(new Set([0]));
  });

  it('embeds the one who agreed alone, though somebody nearer stands beside them', async () => {
    const { clock, engine, kiosk } = await opened();
    const greeted: string[] = [];
    kiosk.session.store.subscribe(({ phase }) => phase.kind === 'greeted' && greeted.push(phase.person.id));
    engine.scene = [{ who: 0 }];
    await clock.advance(1_000);
    kiosk.session.touch('agree');
    engine.scene = [
      { who: 1, ...ASIDE },
      { who: 0, x: 420, width: 120 },
    ];
    await clock.advance(1_500);
    expect(new Set(greeted)).toEqual(new Set(['id-0']));
    expect(new Set(engine.embedded)).toEqual(new Set([0]));
  });

  it('asks the next one anew where the one who agreed is gone, and embeds neither then', async () => {
    const { clock, engine, kiosk, phase } = await opened();
    engine.scene = [{ who: 0, issues: ['turned'] }];
    await clock.advance(1_000);
    kiosk.session.touch('agree');
    await clock.advance(300);
    engine.scene = [{ who: 1, ...ASIDE }];
    await clock.advance(4_000);
    expect(phase().kind).toBe('consent');
    expect(engine.embedded).toEqual([]);
  });

  it('does not take whoever stands at the same place a moment later for the one who agreed', async () => {
    const { clock, engine, kiosk, phase } = await opened();
    engine.scene = [{ who: 0, issues: ['turned'] }];
    await clock.advance(1_000);
    kiosk.session.touch('agree');
    await clock.advance(300);
    engine.scene = [];
    await clock.advance(1_600);
    engine.scene = [{ who: 1 }];
    await clock.advance(1_000);
    expect(phase().kind).toBe('consent');
    expect(engine.embedded).toEqual([]);
  });

  it('embeds nobody before the settings are known', async () => {
    const { clock, engine, source, run } = kioskOfFakes({ openGallery: () => new Promise(() => {}) });
    engine.scene = [{ who: 0 }];
    run();
    await clock.advance(5_000);
    expect(engine.embedded).toEqual([]);
    expect(source.opened).toBe(0);
    expect(source.state.kind).toBe('off');
  });

  it('embeds nobody while the gallery still reads people, though its camera is open by then', async () => {
    const settings: Settings = {
      ...DEFAULT_SETTINGS,
      camera: { ...DEFAULT_SETTINGS.camera, label: 'Webcam', rotation: 90 },
    };
    const { clock, engine, source, phase, run } = kioskOfFakes({
      openGallery: (onEarlyNews) => {
        onEarlyNews({ recogniser: { choice: null, race: null }, settings: { settings, problems: [] } });
        return new Promise(() => {});
      },
    });
    engine.scene = [{ who: 0 }];
    run();
    await clock.advance(5_000);
    expect(source.used.at(-1)).toEqual({ label: 'Webcam', nth: 0, rotation: 90 });
    expect(source.state.kind).toBe('live');
    expect(phase().kind).toBe('starting');
    expect(engine.embedded).toEqual([]);
  });
});

describe('stepping onto the mark', () => {
  const step: Settings = { ...DEFAULT_SETTINGS, asking: { kind: 'step' } };
  /** Off the mark, and on it: half the width is between the eyes. */
  const OFF = [{ who: 0, width: 60 }];
  const ON = [{ who: 0, width: 110 }];

  it('is agreeing, once they have stayed there', async () => {
    const { clock, engine, phase } = await opened(step);
    engine.scene = OFF;
    await clock.advance(1_000);
    engine.scene = ON;
    await clock.advance(1_000);
    expect(phase().kind).toBe('consent');
    expect(engine.embedded).toEqual([]);
    await clock.advance(2_500);
    expect(phase().kind).toBe('greeted');
  });

  it('is not having stood there all along, nor passing over it', async () => {
    const { clock, engine, phase } = await opened(step);
    engine.scene = ON;
    await clock.advance(8_000);
    engine.scene = OFF;
    await clock.advance(800);
    engine.scene = ON;
    await clock.advance(800);
    engine.scene = OFF;
    await clock.advance(3_000);
    expect(phase().kind).toBe('consent');
    expect(engine.embedded).toEqual([]);
  });

  it('is nothing where the shop wants a touch', async () => {
    const { clock, engine } = await opened();
    engine.scene = OFF;
    await clock.advance(1_000);
    engine.scene = ON;
    await clock.advance(5_000);
    expect(engine.embedded).toEqual([]);
  });
});

describe('posted signs', () => {
  it('let the kiosk look without a question', async () => {
    const { clock, engine, phase } = await opened(SIGNS_POSTED);
    engine.scene = [{ who: 0 }];
    await clock.advance(1_500);
    expect(phase().kind).toBe('greeted');
  });

  it('are in force from the moment staff confirm them, and no longer than they do', async () => {
    const { clock, engine, gallery, kiosk, phase } = await opened();
    await kiosk.settings.keep(SIGNS_POSTED);
    engine.scene = [{ who: 0 }];
    await clock.advance(1_500);
    expect(phase().kind).toBe('greeted');
    gallery.settings.set(DEFAULT_SETTINGS);
    engine.embedded.length = 0;
    engine.scene = [];
    await clock.advance(8_000);
    engine.scene = [{ who: 1 }];
    await clock.advance(5_000);
    expect(phase().kind).toBe('consent');
    expect(engine.embedded).toEqual([]);
  });
});

describe('the camera that was set up', () => {
  it('is used from the start, and another one as soon as it is set up', async () => {
    const camera = { label: 'Webcam', nth: 1, rotation: 90, mirrored: false } as const;
    const { source, gallery } = await opened({ ...DEFAULT_SETTINGS, camera });
    expect(source.used.at(-1)).toEqual({ label: 'Webcam', nth: 1, rotation: 90 });
    gallery.settings.set({ ...DEFAULT_SETTINGS, camera: { ...camera, label: 'Desk' } });
    expect(source.used.at(-1)).toMatchObject({ label: 'Desk' });
  });
});
