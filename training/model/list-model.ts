import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { modelListSchema } from '@rounz/core/model/model-list.ts';
import { z } from 'zod';

/**
 * Makes this the version of its name that the kiosk loads: `models.json` beside the model folders lists one folder for each
 * name, the preferred first. A new name is listed last, and what else the list says of a known one stays.
 *
 * @throws Error where the list that is there cannot be read
 */
export function listModel(out: string, name: string): void {
  const path = join(dirname(out), 'models.json');
  const entry = { name, folder: basename(out) };
  const parsed = modelListSchema.safeParse(
    existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { models: [entry] },
  );
  if (!parsed.success)
    throw new Error(
      `${path} lists no models (${z.prettifyError(parsed.error)}), so it was left as it is. Correct it, or say --no-choose.`,
    );
  const listed = parsed.data.models;
  const models = listed.some((one) => one.name === name)
    ? listed.map((one) => (one.name === name ? { ...one, ...entry } : one))
    : [...listed, entry];
  writeFileSync(path, `${JSON.stringify(modelListSchema.parse({ models }))}\n`);
}
