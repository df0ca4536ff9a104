import type { VisionErrorCode } from '../../vision/protocol.ts';

/** Why the vision engine does not run. A `busy` or `cancelled` frame is no problem of the engine. */
export type EngineProblem = Exclude<VisionErrorCode, 'busy' | 'cancelled'>;

/** How the vision engine or the gallery is. */
export type SystemState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'failed';
      readonly reason: EngineProblem | 'gallery-unavailable';
      readonly detail: string;
    };
