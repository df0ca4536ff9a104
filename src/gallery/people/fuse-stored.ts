import { z } from 'zod';
import type { PersonWrite } from '../store/change.ts';
import { fusedByModel, type Identity } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Editor } from './editor.ts';

z.config({ jitless: true });

const DONE = 'templates-fused';
/** people written in one transaction */
const BATCH = 64;

const modelsOf = ({ templates }: Identity): number =>
  new Set(templates.map(({ modelHash }) => modelHash)).size;

/**
 * Fuses the templates that earlier versions kept of each picture. A rotation keeps the cosines between them, so these
 * would show the same person in two copies of the store. Damaged ones stay as they are.
 */
export async function fuseStored(store: Store, editor: Editor): Promise<void> {
  const { meta } = store.storage;
  if (await meta.get(DONE, z.literal(true)).catch(() => null)) return;
  const several = [...store.people.values()].filter(
    ({ identity }) => identity.templates.length > modelsOf(identity),
  );
  for (let start = 0; start < several.length; start += BATCH) {
    const ids = several.slice(start, start + BATCH).map(({ id }) => id);
    await editor.apply(async (at) => {
      const put = await Promise.all(ids.map((id) => fusedPerson(store, id)));
      return { put: put.filter((one) => one !== null), log: [], at };
    });
  }
  await meta.put(DONE, true);
}

async function fusedPerson(store: Store, id: string): Promise<PersonWrite | null> {
  const entry = store.people.get(id);
  const set = entry && (await store.templatesOf(id).catch(() => null));
  if (!set) return null;
  try {
    const templates = fusedByModel(set.templates);
    const { demo, identity } = entry;
    return templates.length < set.templates.length ? { id, demo, identity, templates } : null;
  } catch {
    // Pictures that cancel each other out: the index reports the person.
    return null;
  }
}
