import type { PictureLook } from '@rounz/core/picture-look.ts';
import type { FrameReport, Turn } from '../../vision/protocol.ts';
import type { SightConfig } from './config.ts';

/** Why a camera that gives pictures does not see. The first one that holds is told. */
export const sightProblems = ['dark', 'covered', 'frozen', 'blurred', 'turned'] as const;
export type SightProblem = (typeof sightProblems)[number];

export interface SightModel {
  /** since when each fault of the picture has lasted, milliseconds */
  readonly since: Readonly<Partial<Record<SightProblem, number>>>;
  readonly print: number | null;
  /** the newest last */
  readonly votes: readonly Turn[];
  /** what is told */
  readonly problem: SightProblem | null;
  /** by how many degrees the stream is turned, where that is the problem */
  readonly turn: Turn;
}

export const initialSight: SightModel = { since: {}, print: null, votes: [], problem: null, turn: 0 };

/** The faults of one picture. A black or plain one says nothing of the others. */
function faultsOf(look: PictureLook, before: number | null, config: SightConfig): readonly SightProblem[] {
  if (look.luma < config.dark) return ['dark'];
  if (look.contrast < config.plain) return ['covered'];
  const blurred = look.contrast >= config.focusContrast && look.focus < config.focus;
  return [...(look.print === before ? ['frozen' as const] : []), ...(blurred ? ['blurred' as const] : [])];
}

/** What a frame's report says of the camera. @param at milliseconds of the clock at which the frame was taken */
export function see(
  model: SightModel,
  { look, turned }: Pick<FrameReport, 'look' | 'turned'>,
  at: number,
  config: SightConfig,
): SightModel {
  if (!look) return model;
  const faults = faultsOf(look, model.print, config);
  const since = Object.fromEntries(faults.map((fault) => [fault, model.since[fault] ?? at]));
  const votes = turned === undefined ? model.votes : [...model.votes.slice(1 - config.votes), turned];
  const turn = agreed(votes, config);
  const lasting = sightProblems.find((one) => at - (since[one] ?? at) >= config.lasts);
  const problem = lasting ?? (turn === 0 ? null : 'turned');
  return { since, print: look.print, votes, problem, turn };
}

/** The turn on which the newest votes agree; 0 where they do not. */
function agreed(votes: readonly Turn[], config: SightConfig): Turn {
  const turn = votes.at(-1) ?? 0;
  return votes.filter((vote) => vote === turn).length >= config.agreeing ? turn : 0;
}
