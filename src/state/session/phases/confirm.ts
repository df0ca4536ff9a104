import { ending } from '../model/ending.ts';
import type { Moment, PhaseOf, PhaseRules } from '../model/moment.ts';
import { endInTime, leave, openPage } from '../model/transitions.ts';
import type { ConfirmStatus, SessionModel } from '../model/types.ts';
import { onFaceBeforePage, touched } from './page.ts';
import { walkedAway } from './walked-away.ts';

/**
 * Asks the owner of a page for their PIN, staff for theirs, or for a turn of the head, before an act that cannot be undone or
 * binds. While it is checked the face is embedded again by `PresenceCheck`; nothing here does.
 */
export const confirm: PhaseRules<PhaseOf<'confirm'>> = {
  wants: 'faces-slowly',
  onFace: onFaceBeforePage,
  onTick: (now) => (walkedAway(now) ? leave(now, 'left') : endInTime(now)),
  onTouch: {
    done: (now) => openPage(now, now.phase.page, now.phase.way),
    extend: touched,
    active: touched,
  },
  onGallery(now, event) {
    const { model, phase } = now;
    switch (event.type) {
      case 'confirming':
        return shown(now, { kind: 'checking' });
      case 'turning':
        return shown(now, { kind: 'turning', view: event.view });
      case 'refused':
        return isAwaited(phase.status) ? shown(now, event.status) : model;
      case 'page':
        return event.page.id === phase.page.id ? openPage(now, event.page, phase.way) : model;
      case 'forgotten':
        return event.id === phase.page.id ? leave(now, 'forgotten') : model;
      default:
        return model;
    }
  },
  galleryIsEnough: ({ way }) => way === 'telephone',
};

/** Whether an answer is on its way. */
const isAwaited = ({ kind }: ConfirmStatus): boolean => kind === 'checking' || kind === 'turning';

/** The time starts anew with each answer. */
const shown = (now: Moment<PhaseOf<'confirm'>>, status: ConfirmStatus): SessionModel => ({
  ...now.model,
  phase: { ...now.phase, status, ...ending('confirm', now) },
});
