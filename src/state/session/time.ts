import type { SessionConfig } from '../config.ts';
import { absence, noEvidence } from './model/track.ts';
import {
  attract,
  dismiss,
  type EndingPhase,
  leave,
  type PhaseOf,
  pageOf,
  rest,
  stay,
  unknown,
} from './model/transitions.ts';
import type { SessionModel } from './model/types.ts';

/** Time has passed: absences, timeouts and their warnings. */
export function timePassed(model: SessionModel, at: number, config: SessionConfig): SessionModel {
  const { phase } = model;
  const gone = absence(model.evidence, at, config);
  switch (phase.kind) {
    case 'attract':
      return !phase.armed && gone > config.rearmAbsence ? { ...model, phase: attract(true) } : model;
    case 'looking':
    case 'deciding': {
      if (gone > config.lookingAbsence) return rest(model, true);
      const started = model.evidence.since ?? at;
      const late = at - started >= config.lookingTimeout;
      return late ? { ...model, phase: unknown('no-good-picture', at, config) } : model;
    }
    case 'consent':
      return gone > config.lookingAbsence ? rest(model, true) : ended(model, phase, at, config);
    case 'greeted':
      if (gone > config.greetedAbsence) return leave(model, 'left', at, config);
      if (phase.page && at >= phase.openAt)
        return { ...model, phase: pageOf(phase.page, 'face', at, config) };
      return ended(model, phase, at, config);
    case 'page':
    case 'lookup':
      return walkedAway(model, phase, at, config)
        ? leave(model, 'left', at, config)
        : ended(model, phase, at, config);
    case 'unknown':
      return gone > config.unknownAbsence ? rest(model, true) : ended(model, phase, at, config);
    case 'leaving':
      if (at < phase.until) return model;
      return phase.reason === 'left' ? rest(model, true) : dismiss(model);
    case 'starting':
    case 'suspended':
    case 'out-of-order':
      return model;
    default:
      return phase satisfies never;
  }
}

/**
 * Whether the one who used the screen is gone. A touch shows presence as well as a face does, and somebody whose face was
 * never seen (low before the screen, veiled, without a camera) is believed to be there until the time runs out.
 */
function walkedAway(
  model: SessionModel,
  phase: PhaseOf<'page' | 'lookup'>,
  at: number,
  config: SessionConfig,
): boolean {
  const touchedAt = phase.until - stay(phase.kind, config);
  const idle = at - touchedAt;
  const seen = model.evidence.track !== null;
  return seen && idle > config.greetedAbsence && absence(model.evidence, at, config) > config.greetedAbsence;
}

/** Warns before the end and ends; the visitor is still there, so the next greeting waits until they have stepped away. */
function ended(model: SessionModel, phase: EndingPhase, at: number, config: SessionConfig): SessionModel {
  if (at >= phase.until) return dismiss(model);
  const warning = phase.until - at <= config.warnBefore;
  return warning === phase.warning ? model : { ...model, phase: { ...phase, warning } };
}

/** A part of the kiosk came up or went down. The way by telephone needs the gallery alone. */
export function systemsChanged(model: SessionModel, systems: SessionModel['systems']): SessionModel {
  const next = { ...model, systems };
  const { phase } = model;
  if (phase.kind === 'suspended') return next;
  const withoutFace = phase.kind === 'lookup' || (phase.kind === 'page' && phase.way === 'telephone');
  if (withoutFace && systems.gallery.kind === 'ready')
    return systems.camera.kind === 'live' ? next : { ...next, evidence: noEvidence };
  const rested = rest(next, true);
  const serving = phase.kind !== 'starting' && phase.kind !== 'out-of-order';
  return rested.phase.kind === 'attract' && serving ? next : rested;
}
