import { ending, idle, stayOn } from '../model/ending.ts';
import type { Faces, Moment, PhaseOf, PhaseRules } from '../model/moment.ts';
import { follow, miss, noTrack, sameFace } from '../model/track.ts';
import { askToConfirm, disown, endInTime, followFace, leave, lookupPhase } from '../model/transitions.ts';
import type { SessionModel } from '../model/types.ts';
import { nextVisitor } from './looking.ts';
import { walkedAway } from './walked-away.ts';

/** A person's own page, reached by their face or by telephone and PIN. */
export const page: PhaseRules<PhaseOf<'page'>> = {
  wants: 'faces-slowly',
  onFace: onFaceBeforePage,
  onTick: (now) => (walkedAway(now) ? leave(now, 'left') : endInTime(now)),
  onTouch: {
    'not-me': (now) => (now.phase.way === 'face' ? disown(now, now.phase.page.id) : now.model),
    forget: (now) => askToConfirm(now, 'forget'),
    renew: (now) => askToConfirm(now, 'renew'),
    done: (now) => leave(now, 'done'),
    extend: touched,
    active: touched,
  },
  onGallery(now, event) {
    const { model, phase } = now;
    if (event.type === 'page' && event.page.id === phase.page.id)
      return { ...model, phase: { ...phase, page: event.page, ...ending('page', now) } };
    return event.type === 'forgotten' && event.id === phase.page.id ? leave(now, 'forgotten') : model;
  },
  galleryIsEnough: ({ way }) => way === 'telephone',
};

/** Faces before somebody's page: another one than its owner's ends it. */
export function onFaceBeforePage(now: Moment<PhaseOf<'page' | 'confirm'>>, faces: Faces): SessionModel {
  const { model, phase, at, config } = now;
  if (phase.way === 'telephone') return onFaceBeforeTelephonePage(now, faces);
  const [face] = faces;
  return sameFace(model.track, face, at, config) ? followFace(now, face) : nextVisitor(now, face);
}

/** A touch renews the time. On a page by telephone it also shows that the visitor is there, as their face would. */
export function touched(now: Moment<PhaseOf<'page' | 'confirm'>>): SessionModel {
  const renewed = stayOn(now);
  const { track } = renewed;
  if (now.phase.way !== 'telephone' || !track.place) return renewed;
  return { ...renewed, track: { ...track, place: { ...track.place, seenAt: now.at } } };
}

/**
 * Faces before a page that was opened by telephone and PIN. Its visitor wants no template of their face, so only place and
 * time tell whether it is still theirs: another face closes the page, and the PIN opens it again.
 */
function onFaceBeforeTelephonePage(now: Moment<PhaseOf<'page' | 'confirm'>>, faces: Faces): SessionModel {
  const { model, at, config } = now;
  const { track } = model;
  const visitor = faces.find((face) => sameFace(track, face, at, config));
  if (visitor) return followFace(now, visitor);
  if (track.place === null) return onFirstFace(now, faces);
  // The visitor may have turned away for a moment while others are there.
  if (at - track.place.seenAt <= config.trackGap) return { ...model, track: miss(track) };
  return {
    ...model,
    phase: lookupPhase(now, { kind: 'closed' }),
    track: follow(noTrack, faces[0], at, config),
  };
}

/**
 * The first face that is seen at all. It is the visitor's where the screen was touched just now. Otherwise it may be
 * somebody else's while the visitor was never before the camera: the page warns and ends soon unless it is touched.
 */
function onFirstFace(now: Moment<PhaseOf<'page' | 'confirm'>>, [face]: Faces): SessionModel {
  const { phase, at, config } = now;
  const followed = followFace(now, face);
  if (idle(now) <= config.greetedAbsence) return followed;
  const until = Math.min(phase.until, at + config.warnBefore);
  return { ...followed, phase: { ...phase, until, warning: true } };
}
