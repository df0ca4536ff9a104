import {
  DEFAULT_SETTINGS,
  type ReadSettings,
  type Settings,
  type SettingsProblem,
} from '@rounz/core/settings/settings.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { People } from '../engine/people.ts';

export interface SettingsState {
  /** whether the gallery told them, or could not be opened at all */
  readonly known: boolean;
  /** as staff set them up */
  readonly kept: Settings;
  /** what holds in this run: what was kept, with the address' own for support. Until they are known the kiosk asks first */
  readonly inForce: Settings;
  /** what of the stored settings could not be used */
  readonly problems: readonly SettingsProblem[];
}

export interface KioskSettings {
  readonly store: StoreApi<SettingsState>;
  /** The gallery tells them while it still opens. */
  heard(kept: ReadSettings): void;
  /** Keeps what staff set up. Rejects where the console is locked or the gallery refuses. */
  keep(next: Settings): Promise<void>;
  /** Follows the gallery; the result ends it. */
  run(): () => void;
}

/** What the address says for this run alone. */
export type Override = (kept: Settings) => Settings;

/** The shop's settings as the screens see them; the gallery itself stays the truth. */
export function createSettings(
  people: Pick<People, 'store' | 'engine'>,
  override: Override = (kept) => kept,
): KioskSettings {
  const stateOf = (kept: Settings, known: boolean, problems: readonly SettingsProblem[]): SettingsState => ({
    known,
    kept,
    inForce: override(kept),
    problems,
  });
  const store = createStore<SettingsState>()(() => stateOf(DEFAULT_SETTINGS, false, []));
  let followed: object | null = null;
  let forget = () => {};

  function follow(): void {
    const { kind } = people.store.getState();
    if (kind === 'failed') store.setState(stateOf(DEFAULT_SETTINGS, true, []), true);
    const record = kind === 'open' ? people.engine()?.settings : undefined;
    if (!record || record === followed) return;
    forget();
    followed = record;
    const show = () => store.setState(stateOf(record.current(), true, record.problems()), true);
    forget = record.subscribe(show);
    show();
  }

  return {
    store,
    heard({ settings, problems }) {
      if (!followed) store.setState(stateOf(settings, true, problems), true);
    },
    async keep(next) {
      const engine = people.engine();
      if (!engine) throw new Error('The gallery is not open, so nothing was kept. Reload the kiosk.');
      await engine.staff.setSettings(next);
    },
    run() {
      const unsubscribe = people.store.subscribe(follow);
      follow();
      return () => {
        unsubscribe();
        forget();
        followed = null;
      };
    },
  };
}
