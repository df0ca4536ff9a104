import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PumpConfig } from '../engine/config.ts';
import type { FrameConsumer, FramePlan } from '../engine/frame-pump.ts';
import { initialSession, step, wanted } from './machine.ts';
import type { SessionConfig } from './model/config.ts';
import type { FrameWish, SessionContext } from './model/moment.ts';
import { absence, areaOf } from './model/track.ts';
import type { SessionEvent, SessionModel, Touch } from './model/types.ts';
import { TIMING } from './timing.ts';

export interface Session {
  readonly store: StoreApi<SessionModel>;
  send(event: SessionEvent): void;
  /** The session as a consumer of frames. */
  readonly consumer: FrameConsumer;
  /** Starts the clock's ticks; the result stops them. */
  run(): () => void;
  /** The shopper touched something. */
  touch(what: Touch): void;
}

/** The machine with its store, its ticks and its place in the frame loop. */
export function createSession(context: SessionContext, clock: Clock, pump: PumpConfig): Session {
  const store = createStore<SessionModel>()(() => initialSession);
  const send = (event: SessionEvent) => {
    const before = store.getState();
    const after = step(before, event, context);
    if (after === before) return;
    store.setState(after, true);
    measureDecision(before, after, clock.now());
  };
  return {
    store,
    send,
    consumer: {
      plan: () => planOf(store.getState(), context, pump, clock.now()),
      onReport: (report, at) => send({ type: 'report', report, at }),
    },
    run() {
      let cancel = () => {};
      const tick = () => {
        send({ type: 'tick', at: clock.now() });
        cancel = clock.after(context.config.tick, tick);
      };
      cancel = clock.after(context.config.tick, tick);
      return () => cancel();
    },
    touch: (type) => send({ type, at: clock.now() }),
  };
}

/** With asking, the face that agreed alone may be embedded. */
function planOf(
  { phase, track }: SessionModel,
  { config }: SessionContext,
  pump: PumpConfig,
  at: number,
): FramePlan | null {
  const plan = framePlan(wanted(phase, config), pump, config);
  if (!plan?.embed || config.asking === 'signs') return plan;
  // Whoever stands there after it was away is somebody else until asked.
  if (track.place && absence(track, at, config) > config.trackGap) return { ...plan, embed: false };
  return { ...plan, agreed: areaOf(track, config) };
}

function framePlan(want: FrameWish, pump: PumpConfig, { minEyeDistance }: SessionConfig): FramePlan | null {
  const gate = { minEyeDistance };
  switch (want) {
    case 'nothing':
      return null;
    case 'faces':
      return { embed: false, interval: pump.restingInterval };
    case 'faces-slowly':
      return { embed: false, interval: pump.presenceInterval };
    case 'arrivals':
      return { embed: true, gate, interval: pump.restingInterval };
    case 'embeddings':
      return { embed: true, gate, interval: pump.servingInterval };
    default:
      return want satisfies never;
  }
}

/** Writes how long the decision took into the browser's own timeline, where tests and the profiler read it. */
function measureDecision(before: SessionModel, after: SessionModel, at: number): void {
  const from = before.phase.kind;
  const outcome = after.phase.kind;
  if (from !== 'attract' && from !== 'looking' && from !== 'deciding') return;
  if (outcome !== 'greeted' && outcome !== 'unknown') return;
  if (after.track.since === null) return;
  // A kiosk runs for months: the timeline keeps the newest alone.
  performance.clearMeasures(TIMING.decision);
  performance.measure(TIMING.decision, {
    start: after.track.since,
    end: at,
    detail: { outcome },
  });
}
