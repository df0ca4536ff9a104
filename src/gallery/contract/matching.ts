import type { Decision } from '@rounz/core/match/decide.ts';
import type { Calibrated } from '@rounz/core/match/impostors.ts';
import type { Candidate, MatchTemplate } from '@rounz/core/match/template.ts';

/** How strict matching is; what each means is `StaffDesk.strictnessChoices`. */
export type Strictness = 'lenient' | 'normal' | 'strict';

export interface StrictnessChoice {
  readonly strictness: Strictness;
  /** share of strangers who would be greeted by somebody's name */
  readonly targetFpir: number;
  /** of how many strangers one is greeted wrongly, rounded: "1 in 100" */
  readonly oneStrangerIn: number;
  /** cosine for this gallery's size; null where the model carries no calibration */
  readonly threshold: number | null;
  /** people in the gallery by the running model */
  readonly gallerySize: number;
}

/** The model that runs now. */
export interface RunningModel extends Calibrated {
  readonly modelHash: string;
}

export interface Matcher {
  /** Prepares the search for this model; quick where it was the last one too. Others' templates are kept and never compared. */
  setModel(model: RunningModel): Promise<void>;
  /** people whom the running model can know */
  size(): number;
  /**
   * The open-set decision (core's `decide`) at the chosen strictness. Synchronous: under 20 ms for 100,000 people.
   *
   * @param without people to leave out ("not me")
   */
  identify(probe: MatchTemplate, without?: readonly string[]): Decision;
  /** As whom this face is already enrolled; asks for no lead over the next person. */
  alreadyEnrolled(probe: MatchTemplate): Candidate | null;
}
