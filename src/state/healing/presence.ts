import type { Clock } from '@rounz/core/time/clock.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { EnrolmentPhase } from '../enrolment/phase.ts';
import type { SessionModel } from '../session/model/types.ts';

interface Kind {
  readonly kind: string;
}

export interface PresenceDeps {
  readonly clock: Clock;
  readonly session: StoreApi<SessionModel>;
  readonly enrolment: StoreApi<EnrolmentPhase>;
  /** the lock of the staff console, by the kind of its state */
  readonly consoleLock: {
    getState(): Kind;
    subscribe(listener: (now: Kind, before: Kind) => void): () => void;
  };
}

/** Whether somebody uses the kiosk, for what must not happen before a customer's eyes. */
export interface Presence {
  /** milliseconds since anybody used the screen; null while a customer or staff do */
  quietFor(): number | null;
  /** Somebody touched the screen or a key. */
  touched(): void;
  run(): () => void;
}

export function createPresence({ clock, session, enrolment, consoleLock }: PresenceDeps): Presence {
  let since = clock.now();
  const touched = () => {
    since = clock.now();
  };

  function used(): boolean {
    const { phase, faceCount } = session.getState();
    switch (phase.kind) {
      case 'starting':
      case 'out-of-order':
        return false;
      case 'attract':
        return faceCount > 0;
      case 'suspended':
        // A console that was left and has locked itself serves nobody, unless a customer is at their part of an enrolment.
        return consoleLock.getState().kind === 'open' || enrolment.getState().kind !== 'form';
      default:
        return true;
    }
  }

  return {
    quietFor: () => (used() ? null : clock.now() - since),
    touched,
    run() {
      const ends = [
        session.subscribe((now, before) => {
          if (now.phase.kind !== before.phase.kind || now.faceCount !== before.faceCount) touched();
        }),
        enrolment.subscribe(touched),
        consoleLock.subscribe((now, before) => now.kind !== before.kind && touched()),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
