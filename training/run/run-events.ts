import { join } from 'node:path';
import { EventWriter } from './tensorboard.ts';

/** Folder of the event files within a run's. */
export const EVENTS = 'events';

/** Numbers without a curve: length of the run, and number of validation pairs. */
const CONSTANTS: readonly string[] = ['totalImages', 'genuinePairs', 'impostorPairs'];

/** Numbers of a record by name; whatever else it holds is left out. */
const numbersOf = (record: object, prefix: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      typeof value === 'number' && !CONSTANTS.includes(name) ? [[`${prefix}/${name}`, value]] : [],
    ),
  );

/** What a run shows TensorBoard. The horizontal axis counts images, so that runs of unlike batches lie over each other. */
export interface RunEvents {
  /** every number of the report that may vary becomes a curve under `train/` */
  step(report: { readonly imagesSeen: number }): void;
  /** the same under `validation/` */
  validation(result: { readonly imagesSeen: number }): void;
  close(): void;
}

/**
 * @param imagesSeen where the run starts or goes on; what an earlier, cut off run wrote beyond it is void
 * @param config shown in the text tab
 */
export function openRunEvents(runFolder: string, imagesSeen: number, config: unknown): RunEvents {
  const writer = new EventWriter(join(runFolder, EVENTS), { resumeAt: imagesSeen });
  writer.text('config', imagesSeen, `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``);
  const write = (prefix: string, { imagesSeen: seen, ...rest }: { readonly imagesSeen: number }) =>
    writer.scalars(seen, numbersOf(rest, prefix));
  return {
    step: (report) => write('train', report),
    validation: (result) => write('validation', result),
    close: () => writer.close(),
  };
}
