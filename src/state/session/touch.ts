import type { SessionConfig } from '../config.ts';
import { noEvidence } from './model/track.ts';
import {
  attract,
  dismiss,
  isEnding,
  leave,
  lookup,
  type PhaseOf,
  pageOf,
  renewed,
  unknown,
} from './model/transitions.ts';
import type { LookupOutcome, SessionEvent, SessionModel, TouchEvent } from './model/types.ts';

/** A hand on the screen shows the visitor of a telephone page as well as their face does. */
function present(model: SessionModel, at: number): SessionModel {
  const { phase, evidence } = model;
  const touched = phase.kind === 'page' && phase.way === 'telephone' && evidence.track;
  return touched ? { ...model, evidence: { ...evidence, track: { ...touched, seenAt: at } } } : model;
}

/** Looks again at the one who stands there, from the beginning. */
const lookAgain = (model: SessionModel, at: number): SessionModel => ({
  ...model,
  phase: { kind: 'looking', hint: null },
  evidence: {
    ...noEvidence,
    since: at,
    track: model.evidence.track && { ...model.evidence.track, seenAt: at },
  },
});

const notMe = (model: SessionModel, id: string, at: number, config: SessionConfig): SessionModel => ({
  ...model,
  phase: unknown('not-me', at, config),
  disowned: [...model.disowned, id],
});

/** The way without a face is open wherever nobody's page is and the gallery can be asked. */
function withoutFace(model: SessionModel, at: number, config: SessionConfig): SessionModel {
  const { kind } = model.phase;
  const busy = kind === 'page' || kind === 'lookup' || kind === 'leaving' || kind === 'suspended';
  if (busy || model.systems.gallery.kind !== 'ready') return model;
  return {
    ...model,
    phase: lookup(at, config),
    evidence: { ...noEvidence, track: model.evidence.track },
    disowned: [],
  };
}

function done(model: SessionModel, at: number, config: SessionConfig): SessionModel {
  switch (model.phase.kind) {
    case 'greeted':
    case 'page':
      return leave(model, 'done', at, config);
    case 'consent':
    case 'unknown':
    case 'lookup':
      return dismiss(model);
    default:
      return model;
  }
}

/** What a touch does. One that fits no longer, because the screen changed meanwhile, does nothing. */
export function touched(model: SessionModel, { type, at }: TouchEvent, config: SessionConfig): SessionModel {
  const { phase } = model;
  switch (type) {
    case 'wake':
      if (phase.kind === 'starting') return { ...model, phase: { ...phase, awaited: true } };
      return phase.kind === 'attract' ? { ...model, phase: attract(true) } : model;
    case 'agree':
      return phase.kind === 'consent' ? lookAgain(model, at) : model;
    case 'without-face':
      return withoutFace(model, at, config);
    case 'open-page':
      return phase.kind === 'greeted' && phase.page
        ? { ...model, phase: pageOf(phase.page, 'face', at, config) }
        : model;
    case 'not-me':
      if (phase.kind === 'greeted') return notMe(model, phase.person.id, at, config);
      return phase.kind === 'page' && phase.way === 'face' ? notMe(model, phase.page.id, at, config) : model;
    case 'done':
      return done(model, at, config);
    case 'try-again':
      return phase.kind === 'unknown' ? lookAgain(model, at) : model;
    case 'extend':
    case 'active':
      return isEnding(phase) ? { ...present(model, at), phase: renewed(phase, at, config) } : model;
    default:
      return type satisfies never;
  }
}

type GalleryEvent = Extract<SessionEvent, { type: 'page' | 'looking-up' | 'looked-up' | 'forgotten' }>;

/** The gallery has answered. An answer for a visit that is over is dropped. */
export function answered(model: SessionModel, event: GalleryEvent, config: SessionConfig): SessionModel {
  const { phase } = model;
  switch (event.type) {
    case 'page':
      if (phase.kind === 'greeted' && phase.person.id === event.page.id)
        return { ...model, phase: { ...phase, page: event.page } };
      return phase.kind === 'page' && phase.page.id === event.page.id
        ? { ...model, phase: { ...renewed(phase, event.at, config), page: event.page } as PhaseOf<'page'> }
        : model;
    case 'looking-up':
      return phase.kind === 'lookup' ? withStatus(model, phase, { kind: 'checking' }) : model;
    case 'looked-up':
      return phase.kind === 'lookup' && phase.status.kind === 'checking'
        ? lookedUp(model, phase, event.result, event.at, config)
        : model;
    case 'forgotten':
      return phase.kind === 'page' && phase.page.id === event.id
        ? leave(model, 'forgotten', event.at, config)
        : model;
    default:
      return event satisfies never;
  }
}

const withStatus = (
  model: SessionModel,
  phase: PhaseOf<'lookup'>,
  status: PhaseOf<'lookup'>['status'],
): SessionModel => ({ ...model, phase: { ...phase, status } });

function lookedUp(
  model: SessionModel,
  phase: PhaseOf<'lookup'>,
  result: LookupOutcome,
  at: number,
  config: SessionConfig,
): SessionModel {
  if (result.kind === 'found') return { ...model, phase: pageOf(result.page, 'telephone', at, config) };
  return withStatus(model, renewed(phase, at, config) as PhaseOf<'lookup'>, result);
}
