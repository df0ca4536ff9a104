import type { Clock } from '@rounz/core/time/clock.ts';
import type { ModelRecord } from '../../gallery/contract/recogniser.ts';
import type { InstalledModel } from '../engine/model-choice.ts';
import type { StaffRecords } from './records.ts';

/** Staff change which recogniser the kiosk runs. */
export interface RecogniserChange {
  /** those that lie beside the kiosk, the preferred first */
  installed(): Promise<readonly InstalledModel[]>;
  /** Keeps the choice and starts the engine with it. The PIN must have been entered again for it. */
  use(name: string): Promise<void>;
}

export interface RecogniserChangeDeps {
  readonly installed: () => Promise<readonly InstalledModel[]>;
  readonly records: Pick<StaffRecords, 'ask'>;
  readonly record: () => Pick<ModelRecord, 'choice'> | null;
  readonly clock: Clock;
  /** longest decision that counts as quick, milliseconds */
  readonly limit: number;
  /** starts the engine anew, with what is kept now */
  readonly restart: () => void;
}

export const createRecogniserChange = (deps: RecogniserChangeDeps): RecogniserChange => ({
  installed: deps.installed,
  async use(name) {
    const { records, record, clock, limit, restart } = deps;
    const measured = record()?.choice()?.measured ?? [];
    await records.ask((desk) =>
      desk.setRecogniser({ name, reason: 'staff', at: clock.date(), limit, measured }),
    );
    restart();
  },
});
