import type { VisionErrorCode } from '../../vision/protocol.ts';

/** Why the vision engine does not run. A `busy` or `cancelled` frame is no problem of the engine. */
export type EngineProblem = Exclude<VisionErrorCode, 'busy' | 'cancelled'>;

/**
 * Why the vision engine or the gallery does not run. `insecure-address`: plain http from another machine, where a browser
 * gives a page neither camera nor cryptography. `other-window`: only one may have the gallery open, and another has.
 */
export type StartProblem = EngineProblem | 'gallery-unavailable' | 'other-window' | 'insecure-address';

/** How the vision engine or the gallery is. */
export type SystemState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'failed';
      readonly reason: StartProblem;
      readonly detail: string;
    };
