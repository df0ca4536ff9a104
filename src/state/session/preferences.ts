import { createStore, type StoreApi } from 'zustand/vanilla';

/** How a visitor wants to see and hear the kiosk; forgotten with the visit. */
export interface Preferences {
  /** per cent of the size at rest */
  readonly textSize: 100 | 150 | 200;
  readonly contrast: 'normal' | 'high';
  readonly theme: 'light' | 'dark';
  /** `low`: everything that can be touched lies below 120 cm */
  readonly position: 'normal' | 'low';
  /** no movement on the screen, whatever the system says */
  readonly calm: boolean;
  readonly voice: VoicePreferences;
}

export interface VoicePreferences {
  readonly on: boolean;
  /** 0..1 */
  readonly volume: number;
  /** times the usual pace, 0.5..2 */
  readonly pace: number;
}

export const defaultPreferences: Preferences = {
  textSize: 100,
  contrast: 'normal',
  theme: 'light',
  position: 'normal',
  calm: false,
  voice: { on: true, volume: 0.6, pace: 1 },
};

export interface PreferenceStore {
  readonly store: StoreApi<Preferences>;
  set(change: Partial<Preferences>): void;
  setVoice(change: Partial<VoicePreferences>): void;
  /** The next visitor begins with the shop's choice. */
  reset(): void;
}

/** @param shop what the shop has chosen for its kiosk */
export function createPreferences(shop: Partial<Preferences> = {}): PreferenceStore {
  const initial: Preferences = { ...defaultPreferences, ...shop };
  const store = createStore<Preferences>()(() => initial);
  return {
    store,
    set: (change) => store.setState(change),
    setVoice: (change) => store.setState(({ voice }) => ({ voice: { ...voice, ...change } })),
    reset: () => store.setState(initial, true),
  };
}
