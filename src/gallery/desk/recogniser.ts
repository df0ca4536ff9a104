import { type BackendRace, backendRaceSchema } from '@rounz/core/model/backend-race.ts';
import { z } from 'zod';
import { explained, GalleryError } from '../base/errors.ts';
import type { KeptRecogniser, ModelChoice, ModelRecord } from '../contract/recogniser.ts';

import type { Editor } from '../people/editor.ts';
import type { MetaTable } from '../store/meta-table.ts';
import type { Store } from '../store/store.ts';

z.config({ jitless: true });

const RECOGNISER = 'recogniser';
const RACE = 'backend-race';

const choiceSchema = z.strictObject({
  name: z.string().min(1),
  reason: z.enum(['measured', 'only-one', 'gallery', 'staff']),
  at: z.iso.datetime(),
  limit: z.number().positive(),
  measured: z.array(
    z.strictObject({
      name: z.string().min(1),
      milliseconds: z.number().nonnegative(),
      backend: z.enum(['webgpu', 'wasm']),
    }),
  ),
  passedOver: z.array(z.string().min(1)).optional(),
});

/** How the choice stands in the access log: the name, why, each measured time, and what was passed over. */
const detailOf = ({ name, reason, limit, measured, passedOver = [] }: ModelChoice): string =>
  [
    `${name}: ${reason}`,
    ...measured.map((one) => `${one.name} ${one.milliseconds} ms on ${one.backend}`),
    ...(measured.length > 0 ? [`limit ${limit} ms`] : []),
    ...passedOver.map((one) => `${one} passed over without a GPU`),
  ].join(', ');

/** Reads with which recogniser this gallery was set up and how backends did on it. A damaged note counts as none. */
export async function readKept(meta: Pick<MetaTable, 'get'>): Promise<KeptRecogniser> {
  const [choice, race] = await Promise.all([
    meta.get<ModelChoice>(RECOGNISER, choiceSchema).catch(() => null),
    meta.get<BackendRace>(RACE, backendRaceSchema).catch(() => null),
  ]);
  return { choice, race };
}

/** The record with what staff alone may do. */
export interface OpenModelRecord extends ModelRecord {
  /** Keeps another choice in place of the one before, with its line in the log. */
  replace(choice: ModelChoice): Promise<void>;
}

/** @param kept as `readKept` found it */
export function openModelRecord(store: Store, editor: Editor, kept: KeptRecogniser): OpenModelRecord {
  let { choice, race } = kept;
  return {
    choice: () => choice,
    race: () => race,
    async keepRace(run) {
      await store.storage.meta.put(RACE, backendRaceSchema.parse(run));
      race = run;
    },
    templatesBy() {
      const counts = new Map<string, number>();
      for (const { identity } of store.people.values())
        for (const { modelHash } of identity.templates)
          counts.set(modelHash, (counts.get(modelHash) ?? 0) + 1);
      return counts;
    },
    keep: (chosen) =>
      explained(async () => {
        if (choice)
          throw new GalleryError(
            'already-set',
            `This gallery belongs to ${choice.name}, so ${chosen.name} was not kept. Empty the kiosk to set it up anew.`,
          );
        await editor.apply((at) => ({
          meta: [{ id: RECOGNISER, value: choiceSchema.parse(chosen) }],
          log: [{ actor: 'kiosk', action: 'model-chosen', detail: detailOf(chosen) }],
          at,
        }));
        choice = chosen;
      }),
    async replace(chosen) {
      const detail = `${choice?.name ?? 'none'} -> ${detailOf(chosen)}`;
      await editor.apply((at) => ({
        meta: [{ id: RECOGNISER, value: choiceSchema.parse(chosen) }],
        log: [{ actor: 'staff', action: 'model-chosen', detail }],
        at,
      }));
      choice = chosen;
    },
  };
}
