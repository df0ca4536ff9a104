import type { QualityIssue } from '@rounz/core/face/face.ts';
import { median } from '@rounz/core/math/median.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FaceReport, FrameReport } from '../../vision/protocol.ts';
import type { FrameConsumer } from '../engine/frame-pump.ts';
import type { OneFace } from '../session/one-face.ts';
import type { KioskTestConfig } from './config.ts';

/** What the newest frame showed of the face. */
export interface SeenFace {
  /** pixels between the eyes */
  readonly interEyeDistance: number;
  /** what makes it unfit for recognition, most important first */
  readonly issues: readonly QualityIssue[];
}

/** The kiosk tries itself with somebody who stands before it and has agreed. */
export type KioskTestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking'; readonly seen: SeenFace | null }
  /** `seconds`: from the first frame of a face to its name */
  | { readonly kind: 'passed'; readonly seen: SeenFace; readonly seconds: number; readonly slow: boolean }
  /** no face that could be used in time; `seen`: the last one, where there was one */
  | { readonly kind: 'failed'; readonly seen: SeenFace | null };

export interface KioskTestDeps {
  readonly config: KioskTestConfig;
  readonly clock: Clock;
  /** frames that a decision takes, the one in which the face is noticed included */
  readonly frames: number;
  /** least milliseconds between the starts of two of them */
  readonly interval: number;
  /** the one person who agreed */
  readonly oneFace: OneFace;
  /** longest decision that counts as quick, milliseconds */
  readonly limit: number;
}

export interface KioskTest {
  readonly store: StoreApi<KioskTestState>;
  readonly consumer: FrameConsumer;
  /** Somebody stands before the camera and has agreed: what is seen of them is measured and thrown away. */
  start(): void;
  stop(): void;
}

const seenOf = ({ quality, issues }: FaceReport): SeenFace => ({
  interEyeDistance: quality.interEyeDistance,
  issues,
});

/** Two people are before the camera: neither is looked at. */
const SEVERAL: SeenFace = { interEyeDistance: 0, issues: ['several-faces'] };

/** Looks at a face as the kiosk will, and times how long a decision takes. Nothing of the face is kept. */
export function createKioskTest({
  config,
  clock,
  frames,
  interval,
  oneFace,
  limit,
}: KioskTestDeps): KioskTest {
  const store = createStore<KioskTestState>()(() => ({ kind: 'idle' }));
  const show = (state: KioskTestState) => store.setState(state, true);
  let times: number[] = [];
  /** start of the decision that runs, and usable frames in it */
  let began = 0;
  let usable = 0;
  let goodAt = 0;

  function onReport(report: FrameReport, at: number): void {
    if (store.getState().kind !== 'looking') return;
    const sight = oneFace.see(report, at);
    const face = sight.kind === 'one' ? sight.face : null;
    const seen = face ? seenOf(face) : sight.kind === 'several' ? SEVERAL : null;
    if (face?.embedding && seen) {
      decide(seen, at);
      return;
    }
    usable = 0;
    show(clock.now() - goodAt > config.patience ? { kind: 'failed', seen } : { kind: 'looking', seen });
  }

  function decide(seen: SeenFace, at: number): void {
    if (usable === 0) began = at;
    usable += 1;
    goodAt = clock.now();
    if (usable >= frames) {
      times = [...times, goodAt - began];
      usable = 0;
    }
    if (times.length < config.decisions) {
      show({ kind: 'looking', seen });
      return;
    }
    const milliseconds = median(times);
    show({ kind: 'passed', seen, seconds: milliseconds / 1000, slow: milliseconds > limit });
  }

  return {
    store,
    consumer: {
      plan() {
        if (store.getState().kind !== 'looking') return null;
        const agreed = oneFace.area();
        return { embed: agreed !== undefined, agreed, interval };
      },
      onReport,
    },
    start() {
      times = [];
      usable = 0;
      oneFace.reset();
      goodAt = clock.now();
      show({ kind: 'looking', seen: null });
    },
    stop: () => show({ kind: 'idle' }),
  };
}
