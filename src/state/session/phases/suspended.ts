import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { noTrack } from '../model/track.ts';
import { rest } from '../model/transitions.ts';
import type { SessionModel } from '../model/types.ts';

/** The staff console is open: frames are the console's, and nothing of shoppers is heard. */
export const suspended: PhaseRules<PhaseOf<'suspended'>> = { wants: 'nothing' };

/** The staff console opens: the current visitor is forgotten. */
export const suspend = (model: SessionModel): SessionModel => ({
  ...model,
  phase: { kind: 'suspended' },
  track: noTrack,
  disowned: [],
  faceCount: 0,
});

/** The staff console is left. */
export const resume = (model: SessionModel): SessionModel =>
  model.phase.kind === 'suspended' ? rest(model, true) : model;
