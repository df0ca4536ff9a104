import type { SessionConfig } from './config.ts';
import type { Moment } from './moment.ts';
import type { Ending, SessionModel, SessionPhase } from './types.ts';

/** A phase that ends by itself, after a warning. */
export type EndingPhase = Extract<SessionPhase, Ending>;
type EndingKind = EndingPhase['kind'];

/** How long the phase stays without a touch, milliseconds. */
function stay(kind: EndingKind, config: SessionConfig): number {
  switch (kind) {
    case 'consent':
      return config.consentTimeout;
    case 'greeted':
      return config.greetedTimeout;
    case 'page':
      return config.pageTimeout;
    case 'confirm':
      return config.confirmTimeout;
    case 'unknown':
      return config.unknownTimeout;
    case 'lookup':
      return config.lookupTimeout;
    default:
      return kind satisfies never;
  }
}

/** The full time from now on, without a warning. */
export const ending = (kind: EndingKind, { at, config }: Pick<Moment, 'at' | 'config'>): Ending => ({
  until: at + stay(kind, config),
  warning: false,
});

/** Milliseconds since the phase began or was last touched. */
export const idle = ({ phase, at, config }: Moment<EndingPhase>): number =>
  at - (phase.until - stay(phase.kind, config));

/** The phase's time starts anew: the shopper touched something. */
export const stayOn = (now: Moment<EndingPhase>): SessionModel => ({
  ...now.model,
  phase: { ...now.phase, ...ending(now.phase.kind, now) },
});
