import { z } from 'zod';
import { sha256Schema } from './file-entries.ts';

const lane = {
  backend: z.enum(['webgpu', 'wasm']),
  /** of WASM; 1 on WebGPU */
  threads: z.int().positive(),
};

/** A race of the ways to run a recogniser: its result holds where model, GPU and program are the same. */
export const backendRaceSchema = z.strictObject({
  /** sha256 of the weights, hex */
  modelHash: sha256Schema,
  /** what the WebGPU adapter calls itself; empty where WebGPU was not in the race */
  gpu: z.string(),
  /** the kiosk's build and the browser */
  program: z.string(),
  winner: z.strictObject(lane),
  times: z.array(
    z.strictObject({
      ...lane,
      /** for a face's embedding, the fastest of some; null: out of the race */
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
/** A way to run a network. */
export type Lane = BackendRace['winner'];

/** The one that needs nothing: WASM on one thread. */
export const PLAIN: Lane = { backend: 'wasm', threads: 1 };

export const sameLane = (a: Lane, b: Lane): boolean => a.backend === b.backend && a.threads === b.threads;

/** How the recogniser is computed in a lane: its integer products have one thread, and no GPU. */
export const inferenceOf = (lane: Lane): { readonly integer: boolean } => ({
  integer: sameLane(lane, PLAIN),
});
