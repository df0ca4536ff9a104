import type { Demo, Scene, Sheet } from './schema.ts';

/** A sheet's picture, decoded, and which frame lies where. */
export interface LoadedSheet {
  readonly picture: ImageBitmap;
  readonly frames: readonly string[];
}

export interface Sheets {
  /** The sheet if it is loaded; otherwise starts to load it for a later frame. */
  get(person: string, look: string): LoadedSheet | null;
  /** Loads what the scene needs. Rejects if its picture is missing. */
  prepare(scene: Scene): Promise<void>;
  dispose(): void;
}

/** Decoded sheets kept at a time: the scene that plays, the next, and the last. */
const KEPT = 3;

/** Decodes off the main thread, and only for the next scenes: all sheets together take 100 MB and more. */
export function createSheets(demo: Demo, demoUrl: string): Sheets {
  const loaded = new Map<string, LoadedSheet>();
  const loading = new Map<string, Promise<void>>();
  let disposed = false;

  function sheetOf(person: string, look: string): Sheet | undefined {
    return demo.people.find(({ id }) => id === person)?.looks[look];
  }

  async function load(key: string, sheet: Sheet): Promise<void> {
    const url = new URL(sheet.file, demoUrl);
    const response = await fetch(url);
    if (!response.ok)
      throw new Error(
        `The demonstration's picture ${url.href} is missing (HTTP ${response.status}). Install it again.`,
      );
    const picture = await createImageBitmap(await response.blob());
    if (disposed) return picture.close();
    for (const [old, { picture: oldest }] of loaded) {
      if (loaded.size < KEPT) break;
      oldest.close();
      loaded.delete(old);
    }
    loaded.set(key, { picture, frames: sheet.frames });
  }

  function want(person: string, look: string): Promise<void> {
    const key = `${person}/${look}`;
    const sheet = sheetOf(person, look);
    if (!sheet)
      return Promise.reject(
        new Error(`The demonstration's script names ${key}, which it has no picture of.`),
      );
    if (loaded.has(key)) return Promise.resolve();
    const running = loading.get(key) ?? load(key, sheet).finally(() => loading.delete(key));
    loading.set(key, running);
    return running;
  }

  return {
    get(person, look) {
      const key = `${person}/${look}`;
      const sheet = loaded.get(key);
      if (!sheet) return null;
      // Used again, so it is dropped last.
      loaded.delete(key);
      loaded.set(key, sheet);
      return sheet;
    },
    prepare: (scene) =>
      scene.person === null ? Promise.resolve() : want(scene.person, scene.look ?? 'bare'),
    dispose() {
      disposed = true;
      for (const { picture } of loaded.values()) picture.close();
      loaded.clear();
    },
  };
}
