import type { Settings, SettingsProblem } from '@rounz/core/settings/settings.ts';

/** What the shop has set up, as the gallery keeps it. Staff alone change it (`StaffDesk.setSettings`). */
export interface SettingsRecord {
  current(): Settings;
  /** what of the stored settings could not be used at the opening; the careful value holds there */
  problems(): readonly SettingsProblem[];
  /** Called after each change. The result ends it. */
  subscribe(listener: (settings: Settings) => void): () => void;
}
