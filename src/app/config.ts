import { modelName } from '@rounz/core/model/model-list.ts';
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
  /** diagonal of the screen in inches, if it is known */
  readonly inches?: number;
  /** when a new version is taken; `soon` is for testing an installation */
  readonly update: 'idle' | 'soon';
  readonly state: StateConfig;
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
  inches: z.coerce.number().min(7).max(100),
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
 * The configuration for this page. A setting that does not fit its schema is reported, and its default is used.
 *
 * @param search the address's query, `?camera=demo`
 */
export function readConfig(search: string): { config: AppConfig; refused: readonly RefusedSetting[] } {
  const { accepted, refused } = readSettings(search);
  const {
    camera = 'device',
    lang = 'ko',
    model,
    backend,
    theme,
    position,
    voice,
    inches,
    consent,
    update,
  } = accepted;
  const vision: AppConfig['vision'] = {
    detectorUrl: 'models/detector/',
    wasmUrl: 'wasm/',
    ...(backend ? { forceBackend: backend } : {}),
  };
  return {
    config: {
      camera,
      language: lang,
      ...(model ? { model } : {}),
      vision,
      demoUrl: 'demo/',
      catalogueUrl: 'catalogue/',
      preferences: {
        ...(theme ? { theme } : {}),
        ...(position ? { position } : {}),
        ...(voice ? { voice: { ...defaultPreferences.voice, on: voice === 'on' } } : {}),
      },
      ...(inches ? { inches } : {}),
      update: update ?? 'idle',
      state: consent ? { ...stateConfig, session: { ...stateConfig.session, askFirst: true } } : stateConfig,
    },
    refused,
  };
}
