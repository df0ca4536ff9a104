import { smooth } from '../math.ts';
import type { FrameName } from './frames.ts';

/** Where a person's cut-out is and which moment it shows. */
export interface Stance {
  /** shift of the middle as a share of the canvas' width; 0 is the middle */
  readonly x: number;
  /** shift downwards as a share of the canvas' height */
  readonly y: number;
  /** 1 is a cut-out as high as the canvas */
  readonly scale: number;
  readonly frame: FrameName;
}

export type Side = 'left' | 'right' | 'far';

/** How a scene is played. `still` stands from the first frame to the last. */
export interface Walk {
  /** seconds */
  readonly enter: number;
  readonly stay: number;
  readonly leave: number;
  readonly from: Side;
  readonly to: Side;
}

/** Seconds and shares of the canvas, chosen to look like somebody who waits. */
const LIFE = {
  blinkEvery: 3.4,
  blinkLasts: 0.16,
  turnEvery: 5.3,
  turnLasts: 0.9,
  swayX: 0.008,
  swayY: 0.004,
  swaySeconds: 4.1,
  farScale: 0.5,
  sideScale: 0.72,
  offCanvas: 0.85,
} as const;

/** The stance at a time since the scene began; null outside the scene. */
export function stanceAt(walk: Walk, seconds: number, lively = true): Stance | null {
  const end = walk.enter + walk.stay + walk.leave;
  if (seconds < 0 || seconds >= end) return null;
  const leaving = seconds > walk.enter + walk.stay;
  const side = leaving ? walk.to : walk.from;
  const arrived = leaving
    ? 1 - smooth(0, 1, (seconds - walk.enter - walk.stay) / walk.leave)
    : walk.enter === 0
      ? 1
      : smooth(0, 1, seconds / walk.enter);
  const away = 1 - arrived;
  const bob = away > 0.02 && away < 0.98 ? 0.012 * Math.abs(Math.sin(seconds * 5.5)) : 0;
  const phase = (seconds / LIFE.swaySeconds) * 2 * Math.PI;
  const direction = side === 'left' ? -1 : side === 'right' ? 1 : 0.12;
  return {
    x: direction * away * LIFE.offCanvas + (lively ? LIFE.swayX * Math.sin(phase) : 0),
    y: 0.012 + bob + (lively ? LIFE.swayY * Math.sin(phase * 1.7) : 0),
    scale: 1 - away * (1 - (side === 'far' ? LIFE.farScale : LIFE.sideScale)),
    frame: lively ? momentAt(seconds - walk.enter) : 'rest',
  };
}

/** Rest, with a blink and a small turn now and then. */
function momentAt(seconds: number): FrameName {
  if (seconds < 0) return 'rest';
  if (seconds % LIFE.blinkEvery > LIFE.blinkEvery - LIFE.blinkLasts) return 'blink';
  const round = Math.floor(seconds / LIFE.turnEvery);
  if (round >= 0 && seconds % LIFE.turnEvery > LIFE.turnEvery - LIFE.turnLasts)
    return round % 2 === 0 ? 'right' : 'left';
  return 'rest';
}
