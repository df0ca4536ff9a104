import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DoubtedClock, GalleryEngine, LostGallery } from '../../gallery/contract/gallery.ts';
import type { DamagedRecord, NewPerson, Person } from '../../gallery/contract/person.ts';
import { failureOf } from './failure.ts';

export type PeopleState =
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'open';
      readonly people: readonly Person[];
      readonly damaged: readonly DamagedRecord[];
      /** the gallery that this kiosk had, where the browser lost it */
      readonly lost: LostGallery | null;
      /** the computer's clock, where it is not believed */
      readonly clock: DoubtedClock | null;
    }
  | { readonly kind: 'failed'; readonly code: string | null; readonly detail: string };

export interface People {
  readonly store: StoreApi<PeopleState>;
  /** The gallery's engine, for what goes beyond the list of people; null while it is not open. */
  engine(): GalleryEngine | null;
  /** The gallery's engine once it is open, also where a later try opens it. */
  opened(): Promise<GalleryEngine>;
  /** Opens and reads the gallery. Never rejects: the outcome is the store's state. */
  open(): Promise<void>;
  /** The writes below reject when the gallery refuses; what was in the store then stays as it was. */
  enrol(person: NewPerson): Promise<Person>;
  removeDemo(): Promise<void>;
  /** Reads everyone again after somebody else, staff or the calendar, changed the gallery. */
  refresh(): Promise<void>;
  close(): void;
}

/** The enrolled people as the screens see them; the gallery itself stays the truth. */
export function createPeople(openGallery: () => Promise<GalleryEngine>): People {
  const store = createStore<PeopleState>()(() => ({ kind: 'opening' }));
  let gallery: GalleryEngine | null = null;
  /** number of openings: one that hung and answers after a later one has opened it is closed again */
  let opening = 0;

  function required(): GalleryEngine {
    if (!gallery) throw new Error('The gallery is not open, so nothing was changed. Reload the kiosk.');
    return gallery;
  }
  async function read(): Promise<void> {
    store.setState({ kind: 'open', ...(await required().load()) }, true);
  }
  async function change<T>(write: (gallery: GalleryEngine) => Promise<T>): Promise<T> {
    const result = await write(required());
    await read();
    return result;
  }

  return {
    store,
    engine: () => gallery,
    opened: () =>
      new Promise((resolve) => {
        const look = () => {
          if (!gallery || store.getState().kind !== 'open') return;
          unsubscribe();
          resolve(gallery);
        };
        const unsubscribe = store.subscribe(look);
        look();
      }),
    async open() {
      const mine = ++opening;
      store.setState({ kind: 'opening' }, true);
      try {
        if (!gallery) {
          const opened = await openGallery();
          if (mine !== opening) return opened.close();
          gallery = opened;
        }
        await read();
      } catch (error) {
        if (mine === opening) store.setState({ kind: 'failed', ...failureOf(error) }, true);
      }
    },
    enrol: (person) => change((to) => to.enrol(person)),
    removeDemo: () => change((from) => from.removeDemo()),
    refresh: read,
    close() {
      opening += 1;
      gallery?.close();
      gallery = null;
    },
  };
}

/** What the browser lost, as far as is known. */
export const lostOf = (state: PeopleState): LostGallery | null => (state.kind === 'open' ? state.lost : null);

/** The computer's clock, where it is not believed. */
export const doubtedClockOf = (state: PeopleState): DoubtedClock | null =>
  state.kind === 'open' ? state.clock : null;

/** The people of a state, none while it is not open. */
export const peopleOf = (state: PeopleState): readonly Person[] =>
  state.kind === 'open' ? state.people : [];
