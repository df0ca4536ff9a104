import { errorMessage } from '@rounz/core/error-message.ts';
import type { PassiveState, VisionEngine } from '../../vision/protocol.ts';
import type { Health } from '../engine/health.ts';
import type { KioskSettings } from './settings.ts';

export interface PassiveDeps {
  readonly settings: Pick<KioskSettings, 'store'>;
  readonly health: Pick<Health, 'setPassive'>;
  /** the engine while it is ready, else null */
  readonly engine: () => VisionEngine | null;
  /** of the passive check, relative to the page */
  readonly folder: string;
}

/** Loads the passive check into the engine where the set-up asks for it, and drops it where it does not. */
export interface PassiveLoader {
  /** Before an engine serves. Never rejects. */
  prepare(engine: VisionEngine): Promise<void>;
  /** Follows the set-up; the result ends it. */
  run(): () => void;
}

export function createPassiveLoader({ settings, health, engine, folder }: PassiveDeps): PassiveLoader {
  /** which engine was told, and what */
  let told: { readonly engine: VisionEngine; readonly on: boolean } | null = null;

  async function tell(to: VisionEngine): Promise<void> {
    const on = settings.store.getState().inForce.passive !== 'off';
    const before = told?.engine === to ? told.on : false;
    if (before === on) {
      if (!on) health.setPassive({ kind: 'off' });
      return;
    }
    told = { engine: to, on };
    const state: PassiveState = await to
      .setPassive(on ? folder : null)
      .catch((error: unknown) => ({ kind: 'failed', detail: errorMessage(error) }));
    if (told?.engine === to && told.on === on) health.setPassive(state);
  }

  return {
    prepare: tell,
    run: () =>
      settings.store.subscribe(() => {
        const running = engine();
        if (running) void tell(running);
      }),
  };
}
