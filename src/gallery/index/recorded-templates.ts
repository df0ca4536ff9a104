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
