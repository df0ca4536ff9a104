import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelList, modelListSchema } from '@rounz/core/model/model-list.ts';

/** The recognisers that the kiosk is shipped with, the preferred first. */
export const SHIPPED_MODELS: ModelList['models'] = modelListSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../public/models/models.json'), 'utf8')),
).models;

/** The light one, which browser tests use: what they try is the kiosk, not the recogniser's figures. */
export const TESTED_MODEL = SHIPPED_MODELS.find(({ name }) => name === 'rounz-light')!;
