import { stayOn } from '../model/ending.ts';
import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { absence, sameFace } from '../model/track.ts';
import { disown, endInTime, followFace, leave, lookUp, openPage } from '../model/transitions.ts';
import { nextVisitor } from './looking.ts';

/** Greets the person by name. The page opens once it has been read and the greeting has stood long enough. */
export const greeted: PhaseRules<PhaseOf<'greeted'>> = {
  wants: 'faces-slowly',
  /** Somebody else stands there: the name must not stay before a stranger. */
  onFace(now, [face]) {
    const { model, at, config } = now;
    return sameFace(model.track, face, at, config) ? followFace(now, face) : nextVisitor(now, face);
  },
  onTick(now) {
    const { model, phase, at, config } = now;
    if (absence(model.track, at, config) > config.greetedAbsence) return leave(now, 'left');
    if (phase.page && at >= phase.openAt) return openPage(now, phase.page, 'face');
    return endInTime(now);
  },
  onTouch: {
    'open-page': (now) => (now.phase.page ? openPage(now, now.phase.page, 'face') : now.model),
    'not-me': (now) => disown(now, now.phase.person.id),
    'without-face': lookUp,
    done: (now) => leave(now, 'done'),
    extend: stayOn,
    active: stayOn,
  },
  onGallery({ model, phase }, event) {
    const read = event.type === 'page' && event.page.id === phase.person.id;
    return read ? { ...model, phase: { ...phase, page: event.page } } : model;
  },
};
