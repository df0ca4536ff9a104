import type { Side } from '@rounz/core/liveness/challenge.ts';
import { normalFrom, type Rng } from '@rounz/core/math/random.ts';
import { FLAT, type Hold } from './surface.ts';

/** What the kiosk's screen has asked so far, seconds since the visit began. */
export interface Prompts {
  readonly arrow?: { readonly at: number; readonly side: Side };
  readonly back?: number;
}

/** 0 before, 1 after, smooth between: how far a movement of that length has got. */
export function eased(time: number, from: number, length: number): number {
  const t = Math.min(1, Math.max(0, (time - from) / length));
  return t * t * (3 - 2 * t);
}

/** How somebody answers the screen. Seconds. */
export interface Answer {
  readonly reaction: number;
  readonly move: number;
}

export const drawAnswer = (rng: Rng): Answer => ({
  reaction: Math.min(0.8, Math.max(0.25, 0.42 + 0.12 * normalFrom(rng.next))),
  move: rng.between(0.45, 0.8),
});

/** -1..1: how far it is turned to the picture's right at that time by somebody who follows the screen. */
export function answered(time: number, { arrow, back }: Prompts, { reaction, move }: Answer): number {
  if (!arrow) return 0;
  const out = eased(time, arrow.at + reaction, move);
  const home = back === undefined ? 0 : eased(time, back + reaction, move);
  return (arrow.side === 'left' ? 1 : -1) * (out - home);
}

/** Sums of three slow waves: an unsteady hand or body. Each is about 1 at most. */
export function drawTremor(rng: Rng): (time: number, axis: number) => number {
  const waves = Array.from({ length: 6 }, () =>
    Array.from({ length: 3 }, (_, k) => ({
      rate: rng.between(0.25, 0.6) * 2.6 ** k,
      phase: rng.between(0, 2 * Math.PI),
      size: 0.55 / 1.7 ** k,
    })),
  );
  return (time, axis) =>
    waves[axis]!.reduce(
      (sum, { rate, phase, size }) => sum + size * Math.sin(2 * Math.PI * rate * time + phase),
      0,
    );
}

/** What a hand does with a picture when the screen asks for a turn. */
export const HAND_MOVES = ['still', 'turn', 'turn-over', 'shift', 'bend', 'turn-bent', 'tilt'] as const;
export type HandMove = (typeof HAND_MOVES)[number];

/** A hand that holds up a sheet or a device. */
export type Hand = (time: number, prompts: Prompts) => Hold;

/**
 * A hand with its tremor that walks up and then answers the screen.
 * @param size share of the frame's height that the surface takes
 * @param bent how much the sheet is bent while it is held, radians over its width
 */
export function drawHand(rng: Rng, move: HandMove, size: number, bent: number): Hand {
  const answer = drawAnswer(rng);
  const tremor = drawTremor(rng);
  const start = rng.between(0.6, 1);
  const [x, y] = [rng.between(-0.06, 0.06), rng.between(-0.04, 0.06)];
  const [yaw, pitch, roll] = [rng.between(-4, 4), rng.between(-6, 6), rng.between(-4, 4)];
  const far = {
    turn: rng.between(18, 32),
    'turn-over': rng.between(32, 58),
    'turn-bent': rng.between(18, 48),
  };
  const way = move in far ? far[move as keyof typeof far] : 0;
  const bend =
    move === 'bend' || move === 'turn-bent' ? rng.between(0.5, 1.9) * (rng.chance(0.75) ? 1 : -1) : 0;
  const shift = move === 'shift' ? rng.between(0.08, 0.22) : 0;
  const tilt = move === 'tilt' ? rng.between(15, 35) : 0;
  return (time, prompts) => {
    const turned = answered(time, prompts, answer);
    const near = start + (1 - start) * eased(time, 0, 1);
    return {
      ...FLAT,
      x: x + 0.012 * tremor(time, 0) + shift * turned,
      y: y + 0.012 * tremor(time, 1),
      size: size * near * (1 + 0.012 * tremor(time, 2)),
      yaw: yaw + 1.6 * tremor(time, 3) + way * turned,
      pitch: pitch + 1.6 * tremor(time, 4) + tilt * Math.abs(turned),
      roll: roll + 1.2 * tremor(time, 5) + (move === 'tilt' ? 12 * turned : 0),
      bendX: bent + bend * Math.abs(turned),
      bendY: 0,
    };
  };
}

/** What a recorded person does in a video that is replayed. */
export const RECORDINGS = ['looks', 'looks-about', 'turns', 'guessed-turn'] as const;
export type Recording = (typeof RECORDINGS)[number];

/** Turn of a recorded head, degrees to the picture's right; `guessed-turn` is started by hand when the arrow comes. */
export function drawRecording(rng: Rng, kind: Recording): (time: number, prompts: Prompts) => number {
  const tremor = drawTremor(rng);
  const most = rng.between(18, 32);
  const answer = drawAnswer(rng);
  const side: Side = rng.chance(0.5) ? 'left' : 'right';
  const hold = rng.between(0.5, 1.2);
  const [period, phase] = [rng.between(2.2, 4.5), rng.between(0, 7)];
  const turns = Array.from({ length: 12 }, () => ({
    wait: rng.between(0.8, 3),
    to: rng.between(-most, most),
  }));
  switch (kind) {
    case 'looks':
      return (time) => 4 * tremor(time, 0);
    case 'looks-about':
      return (time) => lookedAbout(time, turns) + tremor(time, 0);
    case 'turns':
      return (time) => most * Math.sin((2 * Math.PI * time) / period + phase) ** 3 + tremor(time, 0);
    case 'guessed-turn':
      return (time, { arrow }) => {
        const asked = arrow && { arrow: { at: arrow.at, side }, back: arrow.at + answer.move + hold };
        return most * answered(time, asked ?? {}, answer) + 1.5 * tremor(time, 0);
      };
    default:
      return kind satisfies never;
  }
}

function lookedAbout(time: number, turns: readonly { readonly wait: number; readonly to: number }[]): number {
  let at = 0;
  let yaw = 0;
  for (const { wait, to } of turns) {
    yaw += (to - yaw) * eased(time, at + wait, 0.6);
    at += wait + 0.6;
    if (at > time) break;
  }
  return yaw;
}
