import {
  changedGroups,
  type ReadSettings,
  readSettings,
  type Settings,
  storedSettings,
} from '@rounz/core/settings/settings.ts';
import { z } from 'zod';
import type { SettingsRecord } from '../contract/settings.ts';
import type { Change } from './change.ts';
import type { MetaTable } from './meta-table.ts';

const SETTINGS = 'settings';

/** The settings with what a transaction needs to change them. */
export interface SettingsKeeper extends SettingsRecord {
  /** The row that holds the next settings. @throws ZodError where they do not fit */
  row(next: Settings): NonNullable<Change['meta']>[number];
  /** What changes, for the access log: names of groups, with no shop's or person's words in it. */
  detail(next: Settings): string;
  /** The row was written: from now on these hold. */
  written(next: Settings): void;
}

/** Reads the settings. A row that cannot be opened is one whose every group is bad. */
export async function readKeptSettings(meta: Pick<MetaTable, 'get'>): Promise<ReadSettings> {
  const stored: unknown = await meta.get(SETTINGS, z.unknown()).catch(() => 'damaged');
  return readSettings(stored);
}

/** @param kept as `readKeptSettings` found them */
export function openSettings(kept: ReadSettings): SettingsKeeper {
  let { settings: current, problems } = kept;
  const listeners = new Set<(settings: Settings) => void>();
  return {
    current: () => current,
    problems: () => problems,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    row: (next) => ({ id: SETTINGS, value: storedSettings(next) }),
    detail: (next) =>
      changedGroups(current, next)
        .map((name) => (name === 'asking' ? `asking: ${current.asking.kind} -> ${next.asking.kind}` : name))
        .join(', '),
    written(next) {
      current = next;
      problems = [];
      for (const listener of [...listeners]) listener(next);
    },
  };
}
