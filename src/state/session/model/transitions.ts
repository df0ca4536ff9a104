import type { CustomerPage } from '../../../gallery/types.ts';
import type { SessionConfig } from '../../config.ts';
import type { GreetedPerson } from '../../engine/recogniser.ts';
import { type Evidence, noEvidence } from './track.ts';
import type {
  Ending,
  LeavingReason,
  LookupStatus,
  PageWay,
  SessionModel,
  SessionPhase,
  UnknownReason,
} from './types.ts';

/** Phases that end by themselves, after a warning. */
export type EndingPhase = Extract<SessionPhase, Ending & { warning: boolean }>;
export type PhaseOf<Kind extends SessionPhase['kind']> = Extract<SessionPhase, { kind: Kind }>;

/** How long each of them stays, milliseconds. */
export function stay(kind: EndingPhase['kind'], config: SessionConfig): number {
  switch (kind) {
    case 'consent':
      return config.consentTimeout;
    case 'greeted':
      return config.greetedTimeout;
    case 'page':
      return config.pageTimeout;
    case 'unknown':
      return config.unknownTimeout;
    case 'lookup':
      return config.lookupTimeout;
    default:
      return kind satisfies never;
  }
}

export const isEnding = (phase: SessionPhase): phase is EndingPhase => 'warning' in phase;

const ending = (kind: EndingPhase['kind'], at: number, config: SessionConfig): Ending => ({
  until: at + stay(kind, config),
  warning: false,
});

/** The time starts anew. */
export const renewed = (phase: EndingPhase, at: number, config: SessionConfig): SessionPhase => ({
  ...phase,
  ...ending(phase.kind, at, config),
});

export const attract = (armed: boolean): SessionPhase => ({ kind: 'attract', armed });

export const asking = (at: number, config: SessionConfig): SessionPhase => ({
  kind: 'consent',
  ...ending('consent', at, config),
});

export const greet = (person: GreetedPerson, at: number, config: SessionConfig): SessionPhase => ({
  kind: 'greeted',
  person,
  page: null,
  openAt: at + config.greetingTime,
  ...ending('greeted', at, config),
});

export const pageOf = (
  page: CustomerPage,
  way: PageWay,
  at: number,
  config: SessionConfig,
): SessionPhase => ({
  kind: 'page',
  page,
  way,
  ...ending('page', at, config),
});

export const unknown = (reason: UnknownReason, at: number, config: SessionConfig): SessionPhase => ({
  kind: 'unknown',
  reason,
  ...ending('unknown', at, config),
});

export const lookup = (
  at: number,
  config: SessionConfig,
  status: LookupStatus = { kind: 'typing' },
): SessionPhase => ({
  kind: 'lookup',
  status,
  ...ending('lookup', at, config),
});

/** The phase in which nobody is served: out of order, starting, or waiting. A broken model outranks a missing camera. */
export function restingPhase(model: SessionModel, armed: boolean): SessionPhase {
  const { engine, gallery, camera } = model.systems;
  for (const system of [engine, gallery]) {
    if (system.kind === 'failed')
      return { kind: 'out-of-order', reason: system.reason, detail: system.detail };
  }
  if (camera.kind === 'problem')
    return { kind: 'out-of-order', reason: camera.problem, detail: camera.detail };
  const running = engine.kind === 'ready' && gallery.kind === 'ready' && camera.kind === 'live';
  if (running) return attract(armed);
  const awaited = model.phase.kind === 'starting' && model.phase.awaited;
  return { kind: 'starting', progress: model.progress, awaited };
}

/** Ends the visit: nothing of the visitor stays in the model. */
export const rest = (model: SessionModel, armed: boolean): SessionModel => ({
  ...model,
  phase: restingPhase(model, armed),
  evidence: noEvidence,
  disowned: [],
});

/** What is known of where the served face is, without anything of whom it shows. */
const whereabouts = ({ track }: Evidence): Evidence => ({ ...noEvidence, track });

/** Ends the visit of somebody who still stands there. */
export const dismiss = (model: SessionModel): SessionModel => ({
  ...rest(model, false),
  evidence: whereabouts(model.evidence),
});

/** Says goodbye; whoever walked away is gone from the model at once. */
export const leave = (
  model: SessionModel,
  reason: LeavingReason,
  at: number,
  config: SessionConfig,
): SessionModel => ({
  ...model,
  phase: { kind: 'leaving', reason, until: at + config.goodbye },
  evidence: reason === 'left' ? noEvidence : whereabouts(model.evidence),
  disowned: [],
});
