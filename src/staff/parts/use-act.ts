import { useRef, useState } from 'react';
import { type Failure, failureOf } from '../../state/engine/failure.ts';

/** An action of staff that takes a while. */
export type Act =
  | { readonly kind: 'idle' }
  /** 0..1, or null if it is unknown */
  | { readonly kind: 'busy'; readonly share: number | null }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'done' };

export interface ActState {
  readonly act: Act;
  readonly busy: boolean;
  /** Runs the work and resolves whether it succeeded. Ignored while another one runs. */
  run(work: (onProgress: (share: number) => void, signal: AbortSignal) => Promise<unknown>): Promise<boolean>;
  /** Asks the work to stop; what has already been written stays. */
  stop(): void;
  clear(): void;
}

export function useAct(): ActState {
  const [act, setAct] = useState<Act>({ kind: 'idle' });
  const stopper = useRef(new AbortController());
  const busy = act.kind === 'busy';
  return {
    act,
    busy,
    stop: () => stopper.current.abort(),
    clear: () => setAct({ kind: 'idle' }),
    async run(work) {
      if (busy) return false;
      stopper.current = new AbortController();
      setAct({ kind: 'busy', share: null });
      try {
        await work((share) => setAct({ kind: 'busy', share }), stopper.current.signal);
        setAct({ kind: 'done' });
        return true;
      } catch (error) {
        // Staff closed the browser's dialog: nothing was done, and nothing is wrong.
        const closed = error instanceof DOMException && error.name === 'AbortError';
        setAct(closed ? { kind: 'idle' } : { kind: 'failed', failure: failureOf(error) });
        return false;
      }
    },
  };
}
