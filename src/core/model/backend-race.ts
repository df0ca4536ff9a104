import { z } from 'zod';
import { sha256Schema } from './file-entries.ts';

const backend = z.enum(['webgpu', 'wasm']);

/** A race of the browser's backends on a recogniser: its result holds where model, GPU and program are the same. */
export const backendRaceSchema = z.strictObject({
  /** sha256 of the weights, hex */
  modelHash: sha256Schema,
  /** what the WebGPU adapter calls itself */
  gpu: z.string(),
  /** the kiosk's build and the browser */
  program: z.string(),
  winner: backend,
  times: z.array(
    z.strictObject({
      backend,
      /** for a face's embedding, the median; null: out of the race */
      milliseconds: z.number().nonnegative().nullable(),
      /** of WebGPU: dispatches for a face's embedding */
      dispatches: z.int().nonnegative().optional(),
      /** why it is out of the race */
      why: z.string().optional(),
    }),
  ),
});

export type BackendRace = z.infer<typeof backendRaceSchema>;
export type RacedBackend = BackendRace['times'][number];
