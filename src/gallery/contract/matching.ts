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

/** How many looks at this kiosk's own customers a choice would have missed. */
export interface MissedEstimate {
  /** looks at own customers that it is made of, 0.. */
  readonly looks: number;
  /** of these, with a score below the choice's threshold */
  readonly missed: number;
  /** whether there are enough looks to tell a share */
  readonly enough: boolean;
}

/** A choice with both of its sides. */
export interface StrictnessSides extends StrictnessChoice {
  /** null where the choice has no threshold */
  readonly missed: MissedEstimate | null;
}

/** The model that runs now. */
export interface RunningModel extends Calibrated {
  readonly modelHash: string;
}

/** A decision; `near`: the probe is below the threshold, and a much laxer one would have been passed. */
export type Identification = Decision & { readonly near?: boolean };

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
  identify(probe: MatchTemplate, without?: readonly string[]): Identification;
  /** As whom this face is already enrolled; asks for no lead over the next person. */
  alreadyEnrolled(probe: MatchTemplate): Candidate | null;
}
