import { modelName } from '@rounz/core/model/model-list.ts';
import {
  asksFirst,
  type Rotation,
  SETTINGS_LIMITS,
  type Settings as ShopSettings,
} from '@rounz/core/settings/settings.ts';
import { z } from 'zod';
import { type StateConfig, stateConfig } from '../state/config.ts';
import { defaultPreferences, type Preferences } from '../state/session/preferences.ts';
import type { VisionOptions } from '../vision/protocol.ts';

// Without this, zod tries `new Function` once, which the content security policy reports as an error.
z.config({ jitless: true });

/** Everything that can be set from outside, and where the kiosk's parts lie. */
export interface AppConfig {
  /** `device`: the kiosk's camera; `demo`: rendered people */
  readonly camera: 'device' | 'demo';
  readonly language: 'ko' | 'en';
  /** name of a recogniser that `models/models.json` lists, for this run alone; without it the gallery's own */
  readonly model?: string;
  readonly vision: Omit<VisionOptions, 'modelUrl'>;
  /** folder of the demonstration's people, relative to the page */
  readonly demoUrl: string;
  /** folder of the frames that pages show, relative to the page */
  readonly catalogueUrl: string;
  /** preferences for the next visitor that differ from the defaults */
  readonly preferences: Partial<Preferences>;
  /** what the address says of the shop's settings, for this run alone */
  readonly shop: ShopOverrides;
  /** when a new version is taken; `soon` is for testing an installation */
  readonly update: 'idle' | 'soon';
  readonly state: StateConfig;
}

/** Settings of the shop that the address replaces. It can make the kiosk ask; never make it not ask. */
export interface ShopOverrides {
  readonly inches?: number;
  readonly language?: 'ko' | 'en';
  readonly rotation?: Rotation;
  readonly mirrored?: boolean;
  readonly asks?: true;
}

/** A setting in the address that could not be used. */
export interface RefusedSetting {
  readonly name: string;
  readonly value: string;
}

/** What the address may say, `?camera=demo&backend=wasm&lang=en&model=NAME`; docs/operations.md lists them. */
const settings = {
  camera: z.enum(['device', 'demo']),
  backend: z.enum(['webgpu', 'wasm']),
  lang: z.enum(['ko', 'en']),
  model: modelName,
  theme: z.enum(['light', 'dark']),
  position: z.enum(['normal', 'low']),
  voice: z.enum(['on', 'off']),
  inches: z.coerce.number().min(SETTINGS_LIMITS.inches.min).max(SETTINGS_LIMITS.inches.max),
  rotation: z.enum(['0', '90', '180', '270']).transform((degrees) => Number(degrees) as Rotation),
  mirror: z.enum(['on', 'off']),
  consent: z.enum(['ask']),
  update: z.enum(['soon']),
} as const;

type Settings = { [Name in keyof typeof settings]?: z.infer<(typeof settings)[Name]> };

function readSettings(search: string): { accepted: Settings; refused: RefusedSetting[] } {
  const accepted: Record<string, unknown> = {};
  const refused: RefusedSetting[] = [];
  const given = new URLSearchParams(search);
  for (const [name, schema] of Object.entries(settings)) {
    const value = given.get(name);
    if (value === null) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) accepted[name] = parsed.data;
    else refused.push({ name, value });
  }
  return { accepted, refused };
}

/**
 * The configuration for this page. A setting that does not fit its schema is reported, and what the shop has set up holds. Whatever
 * `consent` says, right or wrong, the kiosk asks before it looks at a face.
 *
 * @param search the address's query, `?camera=demo`
 */
export function readConfig(search: string): { config: AppConfig; refused: readonly RefusedSetting[] } {
  const { accepted, refused } = readSettings(search);
  const {
    camera = 'device',
    lang,
    model,
    backend,
    theme,
    position,
    voice,
    inches,
    rotation,
    mirror,
    update,
  } = accepted;
  const asks = new URLSearchParams(search).has('consent');
  const vision: AppConfig['vision'] = {
    detectorUrl: 'models/detector/',
    wasmUrl: 'wasm/',
    ...(backend ? { forceBackend: backend } : {}),
  };
  return {
    config: {
      camera,
      language: lang ?? 'ko',
      ...(model ? { model } : {}),
      vision,
      demoUrl: 'demo/',
      catalogueUrl: 'catalogue/',
      preferences: {
        ...(theme ? { theme } : {}),
        ...(position ? { position } : {}),
        ...(voice ? { voice: { ...defaultPreferences.voice, on: voice === 'on' } } : {}),
      },
      shop: {
        ...(inches === undefined ? {} : { inches }),
        ...(lang ? { language: lang } : {}),
        ...(rotation === undefined ? {} : { rotation }),
        ...(mirror ? { mirrored: mirror === 'on' } : {}),
        ...(asks ? { asks } : {}),
      },
      update: update ?? 'idle',
      state: stateConfig,
    },
    refused,
  };
}

/**
 * What holds in this run. Nobody's face is looked at in the demonstration, so it asks only where the address says so.
 *
 * @param kept as staff set it up
 */
export function settingsInForce(
  kept: ShopSettings,
  { shop, camera }: Pick<AppConfig, 'shop' | 'camera'>,
): ShopSettings {
  const { inches, language, rotation, mirrored, asks } = shop;
  const asking: ShopSettings['asking'] =
    camera === 'demo' ? { kind: 'signs', confirmedAt: new Date(0).toISOString() } : kept.asking;
  return {
    ...kept,
    asking: asks && !asksFirst(asking) ? { kind: 'touch' } : asking,
    language: language ?? kept.language,
    screen: { ...kept.screen, inches: inches ?? kept.screen.inches },
    camera: {
      ...kept.camera,
      rotation: rotation ?? kept.camera.rotation,
      mirrored: mirrored ?? kept.camera.mirrored,
    },
  };
}
