import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameSource } from '../../camera/types.ts';
import type { FrameReport } from '../../vision/protocol.ts';
import type { SightConfig } from './config.ts';
import { addLook, changeOf, noScene, readView, type SceneMean, type View, type ViewChange } from './scene.ts';
import { initialSight, type SightModel, see } from './sight.ts';

/** A small text that outlives the page. */
export interface ViewMemory {
  read(): string | null;
  write(text: string): void;
}

export interface SightState extends SightModel {
  /** how the view differs from that of set-up */
  readonly change: ViewChange | null;
}

/** Whether the camera sees what it is to see. */
export interface Sight {
  readonly store: StoreApi<SightState>;
  /** A frame was analysed. @param empty nobody stands there, as far as the session knows */
  frame(report: FrameReport, empty: boolean): void;
  /** Staff say that the view of now is right: it is learnt anew. */
  acceptView(): void;
  run(): () => void;
}

export interface SightDeps {
  readonly config: SightConfig;
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly memory: ViewMemory;
  readonly onError: (message: string) => void;
}

export function createSight({ config, clock, source, memory, onError }: SightDeps): Sight {
  const initial: SightState = { ...initialSight, change: null };
  const store = createStore<SightState>()(() => initial);
  let view: View | null = readView(memory.read());
  let mean: SceneMean = noScene;
  let reopenedAt = Number.NEGATIVE_INFINITY;

  /** A camera that hangs gives the same picture again and again; opened anew, most go on. */
  function reopen(): void {
    const at = clock.now();
    if (at - reopenedAt < config.reopenEvery) return;
    reopenedAt = at;
    onError('The camera gave the same picture again and again. It is opened anew.');
    source.stop();
    void source.start();
  }

  /** Compares the empty shop with that of set-up, and keeps it where there is none yet. */
  function compare(report: FrameReport, empty: boolean): ViewChange | null {
    const { state } = source;
    if (state.kind !== 'live' || !report.look) return store.getState().change;
    if (empty && report.faces.length === 0) mean = addLook(mean, report.look, config);
    if (view) return changeOf(view, state, mean, config);
    if (mean.looks < config.sceneLooks) return null;
    const { label, width, height } = state;
    view = { label, width, height, scene: mean.scene.map(Math.round), at: clock.date() };
    memory.write(JSON.stringify(view));
    return null;
  }

  return {
    store,
    frame(report, empty) {
      if (!report.look) return;
      const before = store.getState();
      const change = compare(report, empty);
      store.setState({ ...see(before, report, clock.now(), config), change });
      if (store.getState().problem === 'frozen') reopen();
    },
    acceptView() {
      view = null;
      mean = noScene;
      store.setState({ change: null });
    },
    run: () =>
      source.subscribe(({ kind }) => {
        // What a camera showed says nothing of one that is opened anew.
        if (kind !== 'live') store.setState(initialSight);
      }),
  };
}
