import { stayOn } from '../model/ending.ts';
import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { dismiss, endInTime, followFace, leave, lookupPhase, openPage } from '../model/transitions.ts';
import { walkedAway } from './walked-away.ts';

/** The way without a face: a telephone number and a PIN open the page. No template is made here. */
export const lookup: PhaseRules<PhaseOf<'lookup'>> = {
  wants: 'faces-slowly',
  onFace: (now, [face]) => followFace(now, face),
  onTick: (now) => (walkedAway(now) ? leave(now, 'left') : endInTime(now)),
  onTouch: {
    done: ({ model }) => dismiss(model),
    extend: stayOn,
    active: stayOn,
  },
  /** The time is not restarted when the question is sent, but when the answer is shown. */
  onGallery(now, event) {
    const { model, phase } = now;
    if (event.type === 'looking-up') return { ...model, phase: { ...phase, status: { kind: 'checking' } } };
    if (event.type !== 'looked-up' || phase.status.kind !== 'checking') return model;
    if (event.result.kind === 'found') return openPage(now, event.result.page, 'telephone');
    return { ...model, phase: lookupPhase(now, event.result) };
  },
  galleryIsEnough: () => true,
};
