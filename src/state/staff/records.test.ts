import { describe, expect, it } from 'vitest';
import { person } from '../../../test/kiosk/fakes.ts';
import type { GalleryEngine } from '../../gallery/contract/gallery.ts';
import type { StaffDesk, StaffPerson } from '../../gallery/contract/staff.ts';
import { createStaffRecords, selectedPerson } from './records.ts';

const staffPerson = (who: number, name: string): StaffPerson => ({
  ...person(who, name),
  note: '',
  telephone: null,
  currentTemplates: 1,
  oldTemplates: 0,
  visits: 0,
  lastVisit: null,
});

function setUp() {
  let kept = [staffPerson(1, '김민지'), staffPerson(2, '이서준')];
  let failure: Error | null = null;
  let slow: Promise<void> = Promise.resolve();
  const calls: string[] = [];
  const opened: string[] = [];
  const staff = {
    async people() {
      calls.push('people');
      if (failure) throw failure;
      const found = { people: kept, damaged: [] };
      await slow;
      return found;
    },
    async opened(id: string) {
      opened.push(id);
    },
    person: async (id: string) => kept.find((one) => one.id === id)!,
    async rename(id: string, name: string) {
      kept = kept.map((one) => (one.id === id ? { ...one, name } : one));
    },
    async withdraw(id: string) {
      kept = kept.filter((one) => one.id !== id);
    },
  } as unknown as StaffDesk;
  const desk = createStaffRecords({
    engine: () => ({ staff }) as GalleryEngine,
    refresh: async () => void calls.push('refresh'),
  });
  return {
    desk,
    calls,
    opened,
    state: () => desk.store.getState(),
    fail: (error: Error | null) => (failure = error),
    /** readings from now on come back when the result is called */
    hold(): () => void {
      let goOn = () => {};
      slow = new Promise((resolve) => {
        goOn = resolve;
      });
      return goOn;
    },
  };
}

describe('the staff records', () => {
  it('log whose page is opened', async () => {
    const { desk, opened, state } = setUp();
    desk.select('p1');
    desk.select(null);
    expect(opened).toEqual(['p1']);
    expect(state().selected).toBeNull();
  });

  it('reads the list, and says why where it could not', async () => {
    const { desk, state, fail } = setUp();
    fail(new Error('locked'));
    await desk.read();
    expect(state().list).toEqual({ kind: 'failed', detail: 'locked' });
    fail(null);
    await desk.read();
    expect(state().list).toMatchObject({ kind: 'read', people: [{ name: '김민지' }, { name: '이서준' }] });
  });

  it('reads a changed person alone, and tells the kiosk', async () => {
    const { desk, state, calls } = setUp();
    await desk.read();
    desk.select('id-1');
    await desk.changePerson('id-1', (to) => to.rename('id-1', '김민서'));
    expect(selectedPerson(state())?.name).toBe('김민서');
    expect(calls).toEqual(['people', 'refresh']);
  });

  it('does not let a reading that began before a change bring back what was there before it', async () => {
    const { desk, state, hold } = setUp();
    await desk.read();
    desk.select('id-1');
    const goOn = hold();
    const reading = desk.read();
    const changing = desk.changePerson('id-1', (to) => to.rename('id-1', '김민서'));
    await Promise.resolve();
    goOn();
    await Promise.all([reading, changing]);
    expect(selectedPerson(state())?.name).toBe('김민서');
  });

  it('reads everyone after somebody left', async () => {
    const { desk, state, calls } = setUp();
    await desk.read();
    desk.select('id-1');
    await desk.change((to) => to.withdraw('id-1'));
    expect(selectedPerson(state())).toBeNull();
    expect(state().list).toMatchObject({ people: [{ name: '이서준' }] });
    expect(calls).toEqual(['people', 'refresh', 'people']);
  });

  it('keeps nothing once it is cleared, also of a reading that was under way', async () => {
    const { desk, state } = setUp();
    const reading = desk.read();
    desk.clear();
    await reading;
    expect(state()).toEqual({ list: { kind: 'unread' }, selected: null, undoable: [] });
  });
});
