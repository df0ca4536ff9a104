import { errorMessage } from '@rounz/core/error-message.ts';
import type { PersonWrite } from '../store/change.ts';
import { readLegacy } from '../store/legacy.ts';
import type { Store } from '../store/store.ts';
import type { Editor } from './editor.ts';
import { keptConsent, keptTemplates, marks } from './records.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Moves the people of schema version 1 into the sealed tables, in one transaction with the deletion of their old records. A
 * damaged one stays where it is and is reported.
 */
export async function migrateLegacy(store: Store, editor: Editor): Promise<void> {
  const records = await store.database.people.toArray();
  if (records.length === 0) return;
  const readable: Awaited<ReturnType<typeof readLegacy>>[] = [];
  for (const record of records)
    try {
      readable.push(await readLegacy(record));
    } catch (error) {
      store.damaged.set(String(record.id), errorMessage(error));
    }
  if (readable.length === 0) return;
  await editor.apply(async (at) => ({
    put: await Promise.all(
      readable.map(async ({ id, demo, name, enrolledAt, consent, templates }): Promise<PersonWrite> => {
        const kept = await keptTemplates(store, templates);
        return {
          // Keys and snapshot take such ids alone; version 1 wrote no others.
          id: UUID.test(id) ? id : crypto.randomUUID(),
          demo,
          templates: kept,
          identity: {
            name,
            enrolledAt,
            changedAt: enrolledAt,
            consent: keptConsent(consent, demo),
            templates: marks(templates),
            visits: 0,
            lastVisit: null,
            previousVisit: null,
            savedFrames: [],
            access: null,
          },
        };
      }),
    ),
    legacyDone: readable.map(({ id }) => id),
    log: [{ actor: 'kiosk', action: 'migrated', detail: `${readable.length} people of version 1` }],
    at,
  }));
}
