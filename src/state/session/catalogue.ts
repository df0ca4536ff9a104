import { errorMessage } from '@rounz/core/error-message.ts';
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';

const bilingual = z.object({ ko: z.string().min(1), en: z.string().min(1) });

/** One frame of the shop. */
const frameSchema = z.object({
  /** what a customer's page keeps; never given to another frame */
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  name: bilingual,
  /** material and colour in a few words */
  detail: bilingual,
  kind: z.enum(['optical', 'sun']),
  /** Korean won */
  price: z.int().positive(),
  /** a file beside the catalogue */
  picture: z.string().regex(/^[a-z0-9-]+\.(svg|webp|png)$/),
});

/** `catalogue.json`; see `public/catalogue/README.md`. */
export const catalogueSchema = z
  .object({ format: z.literal(1), frames: z.array(frameSchema).min(1).max(60) })
  .refine(({ frames }) => new Set(frames.map(({ id }) => id)).size === frames.length, {
    error: 'two frames have the same id',
  });

export type CatalogueFrame = z.infer<typeof frameSchema>;

export type CatalogueState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'open'; readonly frames: readonly CatalogueFrame[] }
  | { readonly kind: 'failed' };

export interface Catalogue {
  readonly store: StoreApi<CatalogueState>;
  /** folder of the pictures, ends with a slash */
  readonly folder: string;
  /** Never rejects: the outcome is the store's state. */
  open(): Promise<void>;
}

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
      try {
        const parsed = catalogueSchema.safeParse(await read());
        if (!parsed.success)
          throw new Error(
            `catalogue.json cannot be used (${z.prettifyError(parsed.error)}), so pages show no frames. Correct the file.`,
          );
        store.setState({ kind: 'open', frames: parsed.data.frames }, true);
      } catch (error) {
        onError(errorMessage(error));
        store.setState({ kind: 'failed' }, true);
      }
    },
  };
}
