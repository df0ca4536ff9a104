import type { FaceReport } from '../../../vision/protocol.ts';
import { stayOn } from '../model/ending.ts';
import type { Moment, PhaseOf, PhaseRules } from '../model/moment.ts';
import { absence, sameFace } from '../model/track.ts';
import { dismiss, endInTime, followFace, lookUp, rest } from '../model/transitions.ts';
import type { Mark, SessionModel } from '../model/types.ts';
import { lookAgain } from './looking.ts';

/** Asks before a face is looked at. No template is made here. */
export const consent: PhaseRules<PhaseOf<'consent'>> = {
  wants: 'faces-slowly',
  onFace(now, [face]) {
    const followed = followFace(now, face);
    return now.config.asking === 'step' ? stepped({ ...now, model: followed }, face, now.model) : followed;
  },
  onTick(now) {
    const { model, at, config } = now;
    return absence(model.track, at, config) > config.lookingAbsence ? rest(model, true) : endInTime(now);
  },
  onTouch: {
    agree: lookAgain,
    'without-face': lookUp,
    done: ({ model }) => dismiss(model),
    extend: stayOn,
    active: stayOn,
  },
};

/** Where the face stands to the mark now; another face begins anew. */
function markOf({ phase, at, config }: Moment<PhaseOf<'consent'>>, face: FaceReport, same: boolean): Mark {
  const before: Mark = same ? phase.mark : { kind: 'unseen' };
  if (face.quality.interEyeDistance < config.markEyeDistance) return { kind: 'off' };
  return before.kind === 'off' ? { kind: 'on', since: at } : before;
}

/** Whoever stepped onto the mark and stays there has agreed. */
function stepped(now: Moment<PhaseOf<'consent'>>, face: FaceReport, before: SessionModel): SessionModel {
  const { model, phase, at, config } = now;
  const mark = markOf(now, face, sameFace(before.track, face, at, config));
  if (mark.kind === 'on' && at - mark.since >= config.markHold) return lookAgain(now);
  return mark.kind === phase.mark.kind ? model : { ...model, phase: { ...phase, mark } };
}
