import { GalleryError } from '../base/errors.ts';
import type { Progress } from '../contract/backup.ts';
import type { Editor } from '../people/editor.ts';
import type { PersonWrite } from '../store/change.ts';
import { type KeptTemplate, reissue } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/**
 * Revokes and re-issues all templates (ISO/IEC 24745): a new seed beside the old one, every template turned from the old
 * transform to the new and sealed with new keys in one transaction, then the old seed and keys are erased. Cut off anywhere,
 * the next start finds the old epoch with its seed or the new one with its seed.
 *
 * @throws GalleryError `damaged` where a record cannot be read; nothing is changed then
 */
export async function rekey(store: Store, editor: Editor, onProgress: Progress = () => {}): Promise<void> {
  await editor.apply(async (at) => {
    if (store.damaged.size > 0)
      throw new GalleryError(
        'damaged',
        'Some records are damaged and could not be re-keyed, so nothing was changed. Discard them, then try again.',
      );
    const next = store.epoch + 1;
    await store.installation.addSeed(next);
    const put: PersonWrite[] = [];
    for (const { id, demo, identity } of store.people.values()) {
      const templates = await reissued(store, id, next);
      put.push({ id, demo, identity, templates, forgetOld: true });
      if (put.length % 64 === 0) onProgress(put.length / store.people.size);
    }
    return {
      put,
      epoch: next,
      log: [{ actor: 'staff', action: 're-keyed', detail: `${put.length} people` }],
      at,
    };
  });
  await store.installation.keepSeed(store.epoch);
  onProgress(1);
}

async function reissued(store: Store, id: string, epoch: number): Promise<readonly KeptTemplate[]> {
  const set = await store.templatesOf(id).catch((error: unknown) => {
    throw new GalleryError(
      'damaged',
      'The templates of a person are damaged and could not be re-keyed, so nothing was changed. ' +
        'Look at the list of people and discard the damaged record, then try again.',
      error,
    );
  });
  return Promise.all(
    (set?.templates ?? []).map(async (template) => {
      const width = template.high.length;
      const [from, to] = await Promise.all([
        store.installation.transform(set!.epoch, width),
        store.installation.transform(epoch, width),
      ]);
      return reissue(template, from, to);
    }),
  );
}
