import { errorMessage } from '@rounz/core/error-message.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DamagedRecord } from '../../gallery/contract/person.ts';
import type { StaffDesk, StaffPerson } from '../../gallery/contract/staff.ts';
import type { UndoableAct } from '../../gallery/contract/undo.ts';
import type { People } from '../engine/people.ts';

export type PeopleList =
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'read';
      readonly people: readonly StaffPerson[];
      readonly damaged: readonly DamagedRecord[];
    }
  | { readonly kind: 'failed'; readonly detail: string };

export interface StaffRecordsState {
  readonly list: PeopleList;
  /** id of the person whose page is open */
  readonly selected: string | null;
  /** staff's acts that can be undone, the newest first */
  readonly undoable: readonly UndoableAct[];
}

/** Everything that staff do with the gallery. The engine asks the lock with each call; what is refused rejects. */
export interface StaffRecords {
  readonly store: StoreApi<StaffRecordsState>;
  /** Reads everyone; each reading is a line in the access log. Never rejects: the outcome is the store's list. */
  read(): Promise<void>;
  select(id: string | null): void;
  /** Asks for what changes nothing that the list shows. */
  ask<T>(work: (desk: StaffDesk) => Promise<T>): Promise<T>;
  /** Changes one person and reads them again. */
  changePerson(id: string, work: (desk: StaffDesk) => Promise<void>): Promise<void>;
  /** Changes who is in the list, and reads it again. */
  change<T>(work: (desk: StaffDesk) => Promise<T>): Promise<T>;
  /** Forgets whatever was read: the console was locked or left. */
  clear(): void;
}

const CLEAR: StaffRecordsState = { list: { kind: 'unread' }, selected: null, undoable: [] };

export function createStaffRecords(people: Pick<People, 'engine' | 'refresh'>): StaffRecords {
  const store = createStore<StaffRecordsState>()(() => CLEAR);

  function desk(): StaffDesk {
    const engine = people.engine();
    if (!engine) throw new Error('The gallery is not open, so nothing was changed. Reload the kiosk.');
    return engine.staff;
  }
  const setList = (list: PeopleList) => store.setState({ list });

  /** What cannot be read is not offered. */
  async function readUndoable(): Promise<void> {
    const mine = reading;
    const undoable = await Promise.resolve()
      .then(() => desk().undoable())
      .catch(() => []);
    if (mine === reading) store.setState({ undoable });
  }

  let reading = 0;
  /** readings that have begun and not come back */
  let underWay = 0;
  async function read(): Promise<void> {
    const mine = ++reading;
    underWay += 1;
    if (store.getState().list.kind !== 'read') setList({ kind: 'reading' });
    try {
      const found = await desk().people();
      if (mine !== reading) return;
      setList({ kind: 'read', ...found });
      await readUndoable();
    } catch (error) {
      if (mine === reading) setList({ kind: 'failed', detail: errorMessage(error) });
    } finally {
      underWay -= 1;
    }
  }

  return {
    store,
    read,
    select(selected) {
      store.setState({ selected });
      // A full disk must not keep staff from the page on which a customer is erased.
      if (selected !== null)
        void desk()
          .opened(selected)
          .catch(() => {});
    },
    ask: async (work) => work(desk()),
    async changePerson(id, work) {
      await work(desk());
      const changed = await desk().person(id);
      const { list } = store.getState();
      if (list.kind === 'read')
        setList({ ...list, people: list.people.map((one) => (one.id === id ? changed : one)) });
      await readUndoable();
      // A reading that began before the change would bring back what was there before it.
      if (underWay > 0 && store.getState().list.kind !== 'unread') await read();
      await people.refresh();
    },
    async change(work) {
      const result = await work(desk());
      await people.refresh();
      await read();
      return result;
    },
    clear() {
      reading += 1;
      store.setState(CLEAR, true);
    },
  };
}

/** The person whose page is open, once the list was read. */
export const selectedPerson = ({ list, selected }: StaffRecordsState): StaffPerson | null =>
  list.kind === 'read' ? (list.people.find(({ id }) => id === selected) ?? null) : null;
