import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StaffCallConfig } from './config.ts';

/** What the shopper wants from staff; it decides the words of the banner. */
export type CallReason = 'help' | 'join';

export type StaffCallState =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'called'; readonly reason: CallReason };

export interface StaffCall {
  readonly store: StoreApi<StaffCallState>;
  call(reason: CallReason): void;
  cancel(): void;
}

/** A call for staff: seen on the screen and heard as a chime again and again until somebody comes or it is cancelled. */
export function createStaffCall(clock: Clock, config: StaffCallConfig, chime: () => void): StaffCall {
  const store = createStore<StaffCallState>()(() => ({ kind: 'quiet' }));
  let stop = () => {};

  function ring(until: number): void {
    chime();
    stop = clock.after(config.repeat, () => (clock.now() < until ? ring(until) : cancel()));
  }
  function cancel(): void {
    stop();
    store.setState({ kind: 'quiet' }, true);
  }
  return {
    store,
    call(reason) {
      stop();
      store.setState({ kind: 'called', reason }, true);
      ring(clock.now() + config.giveUp);
    },
    cancel,
  };
}
