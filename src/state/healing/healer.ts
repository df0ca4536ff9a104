import { errorMessage } from '@rounz/core/error-message.ts';
import { type Clock, every } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HealingConfig, Part } from './config.ts';
import { heal } from './healing.ts';
import {
  type Act,
  type HealingEvent,
  type HealingModel,
  initialHealing,
  type Surroundings,
} from './model.ts';
import { endReloads, type Memory, noteReload, readReloads } from './reload-note.ts';

export interface HealerDeps {
  readonly config: HealingConfig;
  readonly clock: Clock;
  /** what outlives a reload */
  readonly memory: Memory;
  readonly surroundings: () => Surroundings;
  /** Starts a broken part afresh. */
  readonly retry: (part: Exclude<Part, 'screen' | 'page'>) => void;
  readonly reload: () => void;
  /** Gives a sign of life to whoever watches the browser from outside. */
  readonly beat: () => void;
  /** for the health view; `at`: ISO 8601, where it was before now */
  readonly onError: (message: string, at?: string) => void;
}

export interface HealerState extends HealingModel {
  /** how often the screen was drawn afresh */
  readonly drawings: number;
}

/** Keeps what is broken, and acts on it. */
export interface Healer {
  readonly store: StoreApi<HealerState>;
  starting(part: Part): void;
  /** A part that is starting has come further. */
  progress(part: Part): void;
  well(part: Part): void;
  /** @param elsewhere another window has it, and nothing here is broken */
  failed(part: Part, detail: string, elsewhere?: boolean): void;
  /** A frame was analysed. */
  frame(): void;
  /** An error that nobody caught. */
  uncaught(error: unknown): void;
  /** Whether the part is retried at the moment, without a touch. */
  retrying(part: Part): boolean;
  run(): () => void;
}

type Happened<Event> = Event extends { at: number } ? Omit<Event, 'at'> : never;

/** The pure `heal` with its clock, its memory and its hands. */
export function createHealer(deps: HealerDeps): Healer {
  const { config, clock, memory } = deps;
  const note = readReloads(memory);
  const store = createStore<HealerState>()(() => ({
    ...initialHealing(clock.now(), note.count),
    drawings: 0,
  }));
  for (const { at, why } of note.last) deps.onError(`The kiosk reloaded itself (${why})`, at);

  function send(event: Happened<HealingEvent>): void {
    const before = store.getState();
    const { model, acts } = heal(before, { ...event, at: clock.now() } as HealingEvent, config);
    if (model !== before) store.setState(model);
    for (const act of acts) perform(act);
  }

  function perform(act: Act): void {
    switch (act.kind) {
      case 'retry':
        if (act.part === 'screen') store.setState(({ drawings }) => ({ drawings: drawings + 1 }));
        else if (act.part !== 'page') deps.retry(act.part);
        return;
      case 'reload': {
        // A reload that cannot be counted is not done: the page could reload for ever.
        if (noteReload(memory, clock.date(), act.why)) deps.reload();
        else deps.onError(`The kiosk has to be reloaded by hand (${act.why})`);
        return;
      }
      case 'beat':
        deps.beat();
        return;
      case 'settled':
        endReloads(memory);
        return;
      default:
        act satisfies never;
    }
  }

  return {
    store,
    starting: (part) => send({ type: 'starting', part }),
    progress: (part) => send({ type: 'progress', part }),
    well: (part) => send({ type: 'well', part }),
    failed: (part, detail, elsewhere = false) => send({ type: 'failed', part, detail, elsewhere }),
    frame: () => send({ type: 'frame' }),
    uncaught(error) {
      const detail = errorMessage(error);
      deps.onError(detail);
      send({ type: 'uncaught', detail });
    },
    retrying: (part) => store.getState().troubles[part]?.trying ?? false,
    run: () => every(clock, config.tick, () => send({ type: 'tick', ...deps.surroundings() })),
  };
}
