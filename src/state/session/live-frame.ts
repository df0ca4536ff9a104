import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameReport } from '../../vision/protocol.ts';
import { isWatching } from './machine.ts';
import type { Session } from './session.ts';

/** The newest frame's report. It changes many times a second, so only the overlay listens, without rendering. */
export interface LiveFrame {
  readonly report: FrameReport | null;
}

export interface LiveFrames {
  readonly store: StoreApi<LiveFrame>;
  show(report: FrameReport): void;
  /** Takes the marks of the last frame away when nobody is looked at any more. The result ends it. */
  run(): () => void;
}

export function createLiveFrames(session: Pick<Session, 'store'>): LiveFrames {
  const store = createStore<LiveFrame>()(() => ({ report: null }));
  return {
    store,
    show: (report) => store.setState({ report }),
    run: () =>
      session.store.subscribe(({ phase }) => {
        if (!isWatching(phase) && store.getState().report) store.setState({ report: null });
      }),
  };
}
