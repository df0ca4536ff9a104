import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { dequantise, type QuantisedTemplate, quantise } from '@rounz/core/match/protect.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import type { KeptTemplate } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** Database records read at a time. */
const BATCH = 512;

type TemplateSet = Awaited<ReturnType<Store['readTemplates']>>;

/** Templates of people from their records. null: they cannot be read, and the person is among the damaged. */
export async function* recordedTemplates(
  store: Store,
  people: readonly string[],
): AsyncGenerator<{ readonly id: string; readonly set: TemplateSet | null }> {
  for (let start = 0; start < people.length; start += BATCH) {
    const ids = people.slice(start, start + BATCH);
    const records = await store.database.templates.bulkGet(ids);
    const sets = await Promise.all(
      records.map((record) => store.readTemplates(record).catch((error: unknown) => ({ error }))),
    );
    for (const [i, set] of sets.entries()) {
      const id = ids[i]!;
      if ('error' in set) {
        store.damaged.set(id, `The templates of this person cannot be read. ${String(set.error)}`);
        yield { id, set: null };
      } else yield { id, set };
    }
  }
}

/** Of each person's templates, the revision that wrote them. */
export async function storedRevisions(store: Store): Promise<Map<string, number>> {
  const { templates } = store.database;
  const [ids, revisions] = await Promise.all([
    templates.orderBy('revision').primaryKeys(),
    templates.orderBy('revision').keys(),
  ]);
  return new Map(ids.map((id, i) => [id, Number(revisions[i])]));
}

/**
 * The one template of a person that is searched: of several of this model, fused. null: there is none.
 *
 * @throws RangeError where they contradict each other
 */
export function searchedTemplate(
  templates: readonly KeptTemplate[],
  modelHash: string | null,
): QuantisedTemplate | null {
  const ours = templates.filter((template) => template.modelHash === modelHash);
  if (ours.length === 0) return null;
  // Quantisation moves the length by some 1e-5.
  return quantise(fuseTemplates(ours.map((template) => normalise(dequantise(template)))));
}
