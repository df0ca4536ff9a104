import type { CatalogueFrame } from '@rounz/core/catalogue/catalogue.ts';
import { checkCatalogue, faultLine } from '@rounz/core/catalogue/check.ts';
import { errorMessage } from '@rounz/core/error-message.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type CatalogueState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'open'; readonly frames: readonly CatalogueFrame[] }
  /** `faults`: what is wrong with the file, in English, a line each */
  | { readonly kind: 'failed'; readonly faults: readonly string[] };

export interface Catalogue {
  readonly store: StoreApi<CatalogueState>;
  /** folder of the pictures, ends with a slash */
  readonly folder: string;
  /** Never rejects: the outcome is the store's state. */
  open(): Promise<void>;
}

/** Faults that one message names; the health view lists the rest. */
const TOLD = 3;

/**
 * The shop's frames. A catalogue that cannot be used is reported, and the kiosk continues without one.
 *
 * @param read fetches `catalogue.json`
 */
export function createCatalogue(
  folder: string,
  read: () => Promise<unknown>,
  onError: (message: string) => void,
): Catalogue {
  const store = createStore<CatalogueState>()(() => ({ kind: 'reading' }));
  return {
    store,
    folder,
    async open() {
      const failed = (faults: readonly string[], what: string) => {
        onError(`${what}, so pages show no frames. Check it with npm run catalogue, correct it and reload.`);
        store.setState({ kind: 'failed', faults }, true);
      };
      let file: unknown;
      try {
        file = await read();
      } catch (error) {
        return failed([errorMessage(error)], `catalogue.json cannot be read (${errorMessage(error)})`);
      }
      const checked = checkCatalogue(file);
      if (checked.ok) return store.setState({ kind: 'open', frames: checked.frames }, true);
      const faults = checked.faults.map(faultLine);
      failed(faults, `catalogue.json cannot be used (${faults.slice(0, TOLD).join(' ')})`);
    },
  };
}
