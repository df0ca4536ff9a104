import type { Clock } from '@rounz/core/time/clock.ts';
import { download } from './download.ts';

/** What the File System Access API has beyond the types of TypeScript. Chromium alone, and only at secure addresses. */
interface PickedFile extends FileSystemFileHandle {
  remove?(): Promise<void>;
}
interface Picking {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<PickedFile>;
}

/** Where a file went. */
export interface SavedFile {
  readonly name: string;
  /** the place that staff chose; null: the download folder, into which no page can look */
  readonly picked: PickedFile | null;
}

/**
 * Asks where to save. To be called right after a touch: a browser shows its dialog for some seconds after one.
 *
 * @returns null where it has to be the download folder. @throws DOMException `AbortError` where staff closed the dialog
 */
export async function pickPlace(suggestedName: string): Promise<PickedFile | null> {
  const { showSaveFilePicker } = window as Picking;
  if (typeof showSaveFilePicker !== 'function') return null;
  try {
    return await showSaveFilePicker.call(window, { suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    // A policy forbids the dialog, or the touch was too long ago.
    return null;
  }
}

/** Saves a file where staff chose to, else through the browser's download. */
export async function save(
  file: Blob,
  name: string,
  picked: PickedFile | null,
  clock: Clock,
): Promise<SavedFile> {
  if (!picked) {
    download(file, name, clock);
    return { name, picked };
  }
  const stream = await picked.createWritable();
  await stream.write(file);
  await stream.close();
  return { name: picked.name, picked };
}

/** Whether the file is still where it was saved; null where a page cannot know. */
export async function isThere({ picked }: SavedFile): Promise<boolean | null> {
  if (!picked) return null;
  return picked.getFile().then(
    () => true,
    (error: unknown) => !(error instanceof DOMException && error.name === 'NotFoundError'),
  );
}

/** Removes the file. @throws Error where the browser does not let us */
export async function removeSaved({ picked }: SavedFile): Promise<void> {
  if (!picked?.remove)
    throw new Error('This browser does not let a page remove the file: delete it by hand.');
  await picked.remove();
}
