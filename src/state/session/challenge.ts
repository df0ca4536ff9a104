import {
  beginChallenge,
  type ChallengeFailure,
  type ChallengeState,
  isLast,
  type Look,
  stepChallenge,
} from '@rounz/core/liveness/challenge.ts';
import type { ChallengeConfig } from '@rounz/core/liveness/config.ts';
import { type ChallengePlan, drawPlan } from '@rounz/core/liveness/plan.ts';
import type { Draws } from '@rounz/core/math/random.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { FrameReport } from '../../vision/protocol.ts';
import type { FramePump } from '../engine/frame-pump.ts';
import type { Recogniser, Sample } from '../engine/recogniser.ts';
import type { SessionConfig } from './model/config.ts';
import { areaOf, sameFace, type Track } from './model/track.ts';
import type { TurnView } from './model/types.ts';
import type { Session } from './session.ts';

/** Whether a head, and no picture of one, stands before the kiosk: it turns as nobody knew before, and back. */
export interface Challenge {
  /**
   * Asks for the turns, again after a failure, as often as `tries` says, unless the head went another way. Resolves with whether
   * it was met; false as well once the session leaves the phase in which it was asked. Never rejects.
   *
   * @param personId whose face must turn: who shows a picture and turns their own head fails
   * @param onView what the screen is to show now
   */
  run(personId: string, onView: (view: TurnView) => void): Promise<boolean>;
}

export interface ChallengeDeps {
  readonly pump: Pick<FramePump, 'use'>;
  readonly session: Pick<Session, 'store' | 'consumer'>;
  readonly recogniser: Pick<Recogniser, 'identify'>;
  readonly clock: Clock;
  readonly config: ChallengeConfig;
  readonly sessionConfig: SessionConfig;
  /** of cryptographic quality: what is asked must not be guessed */
  readonly draws: Pick<Draws, 'pick' | 'between'>;
  /** between two frames, milliseconds */
  readonly interval: number;
}

/** The active challenge of `core/liveness` over the kiosk's frames. Each frame is embedded, so that nobody else turns instead. */
export const createChallenge = (deps: ChallengeDeps): Challenge => ({
  run: (personId, onView) => new Promise((resolve) => play(deps, personId, onView, resolve)),
});

/** Plays tries until one is passed, all have failed, or the session has gone on. */
function play(
  { pump, session, recogniser, clock, config, sessionConfig, draws, interval }: ChallengeDeps,
  personId: string,
  onView: (view: TurnView) => void,
  done: (passed: boolean) => void,
): void {
  const asked = session.store.getState().phase.kind;
  let triesLeft = config.tries;
  let plan = drawPlan(draws, config);
  let state = beginChallenge(clock.now());
  let shown = '';
  /** of the face that keeps still: it must be the person's before it turns, and each frame after it is held against it */
  let samples: Sample[] = [];
  const isPerson = (frames: readonly Sample[]): boolean => {
    if (frames.length === 0) return false;
    const verdict = recogniser.identify(frames, []);
    return verdict.kind === 'person' && verdict.person.id === personId;
  };
  const show = (failure: ChallengeFailure | null) => {
    const view = viewOf(state, plan, config, failure);
    const key = `${triesLeft} ${view.kind} ${view.kind === 'turn' ? view.way : ''}`;
    if (key !== shown) onView(view);
    shown = key;
  };
  const ends: (() => void)[] = [];
  const end = (passed: boolean) => {
    for (const one of ends) one();
    done(passed);
  };
  const advance = (look: Look | null, at: number) => {
    const next = stepChallenge(state, look, at, plan, config);
    const keptStill = state.kind === 'steady' && next.kind === 'ready';
    state = keptStill && !isPerson(samples) ? { kind: 'failed', reason: 'other' } : next;
    if (state.kind === 'passed') return end(true);
    if (state.kind !== 'failed') return show(null);
    const { reason } = state;
    triesLeft--;
    if (triesLeft === 0 || isLast(reason)) return end(false);
    plan = drawPlan(draws, config);
    state = beginChallenge(at);
    samples = [];
    show(reason);
  };
  let cancelTimer = () => {};
  const tick = () => {
    cancelTimer = clock.after(sessionConfig.tick, tick);
    advance(null, clock.now());
  };
  let over = false;
  ends.push(
    () => {
      over = true;
      cancelTimer();
    },
    session.store.subscribe(({ phase }) => {
      if (phase.kind !== asked && !over) end(false);
    }),
    pump.use({
      // The visitor's own face and no other's is embedded.
      plan: () => ({ embed: true, agreed: areaOf(session.store.getState().track, sessionConfig), interval }),
      onReport(report, at) {
        const look = lookOf(report, session.store.getState().track, at, sessionConfig);
        session.consumer.onReport(report, at);
        if (over) return;
        if (look?.embedding && state.kind === 'steady')
          samples = [...samples, { embedding: look.embedding, quality: report.faces[0]!.quality, at }].slice(
            -sessionConfig.maxSamples,
          );
        advance(look, at);
      },
    }),
  );
  show(null);
  tick();
}

/** What the frame shows of the visitor's face; null where that face is not there. */
function lookOf(
  { faces: [nearest] }: FrameReport,
  track: Track,
  at: number,
  config: SessionConfig,
): Look | null {
  if (!nearest || (track.place && !sameFace(track, nearest, at, config))) return null;
  const { landmarks, quality, embedding } = nearest;
  return {
    at,
    points: landmarks,
    yaw: quality.pose.yaw,
    pitch: quality.pose.pitch,
    interEyeDistance: quality.interEyeDistance,
    embedding,
  };
}

function viewOf(
  state: ChallengeState,
  { turns }: ChallengePlan,
  { limit }: ChallengeConfig,
  failure: ChallengeFailure | null,
): TurnView {
  if (state.kind === 'turn' || state.kind === 'hold')
    return { kind: 'turn', way: turns[state.index]!.way, until: state.arrowAt + limit };
  if (state.kind === 'back') return { kind: 'back', until: state.arrowAt + limit };
  return { kind: 'steady', failure };
}
