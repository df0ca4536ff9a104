import { z } from 'zod';
import { type StateConfig, stateConfig } from '../state/config.ts';
import type { VisionOptions } from '../vision/protocol.ts';
import { modelName } from './model.ts';

// Without this, zod tries `new Function` once, which the content security policy reports as an error.
z.config({ jitless: true });

/** Everything that can be set from outside, and where the kiosk's parts lie. */
export interface AppConfig {
  /** `device`: the kiosk's camera; `demo`: rendered people */
  readonly camera: 'device' | 'demo';
  readonly language: 'ko' | 'en';
  /** folder of the recogniser below `models/`; without it the installation's choice */
  readonly model?: string;
  readonly vision: Omit<VisionOptions, 'modelUrl'>;
  /** folder of the demonstration's people, relative to the page */
  readonly demoUrl: string;
  readonly state: StateConfig;
}

/** A setting in the address that could not be used. */
export interface RefusedSetting {
  readonly name: string;
  readonly value: string;
}

/** What the address may say, `?camera=demo&backend=wasm&lang=en&model=NAME` */
const settings = {
  camera: z.enum(['device', 'demo']),
  backend: z.enum(['webgpu', 'wasm']),
  lang: z.enum(['ko', 'en']),
  model: modelName,
} as const;

type Settings = { [Name in keyof typeof settings]?: z.infer<(typeof settings)[Name]> };

function readSettings(search: string): { accepted: Settings; refused: RefusedSetting[] } {
  const accepted: Record<string, string> = {};
  const refused: RefusedSetting[] = [];
  const given = new URLSearchParams(search);
  for (const [name, schema] of Object.entries(settings)) {
    const value = given.get(name);
    if (value === null) continue;
    if (schema.safeParse(value).success) accepted[name] = value;
    else refused.push({ name, value });
  }
  return { accepted, refused };
}

/**
 * The configuration for this page. A setting that does not fit its schema is left out and reported, and the default holds.
 *
 * @param search the address's query, `?camera=demo`
 */
export function readConfig(search: string): { config: AppConfig; refused: readonly RefusedSetting[] } {
  const { accepted, refused } = readSettings(search);
  const { camera = 'device', lang = 'ko', model, backend } = accepted;
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
      state: stateConfig,
    },
    refused,
  };
}
