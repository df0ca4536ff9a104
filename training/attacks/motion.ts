import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import { TURNS, type Way } from '@rounz/core/liveness/plan.ts';
import { normalFrom, type Rng } from '@rounz/core/math/random.ts';
import { FLAT, type Hold } from './surface.ts';

/** What the kiosk's screen asks, and since when; seconds since the visit began. */
export interface Prompt {
  readonly at: number;
  readonly way: Way | 'ahead';
}
/** What it has asked so far in this try. */
export type Prompts = readonly Prompt[];

/** Where a head is turned: to the picture's right and upwards, -1..1 of as far as its owner turns it. */
export interface Turned {
  readonly x: number;
  readonly y: number;
}

const PLACES: Readonly<Record<Prompt['way'], Turned>> = {
  left: { x: 1, y: 0 },
  right: { x: -1, y: 0 },
  up: { x: 0, y: 1 },
  down: { x: 0, y: -1 },
  ahead: { x: 0, y: 0 },
};

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

/** Where somebody who follows the screen has turned their head at that time. */
export function answered(time: number, prompts: Prompts, { reaction, move }: Answer): Turned {
  let [x, y] = [0, 0];
  let before = PLACES.ahead;
  for (const { at, way } of prompts) {
    const to = PLACES[way];
    const part = eased(time, at + reaction, move);
    x += part * (to.x - before.x);
    y += part * (to.y - before.y);
    before = to;
  }
  return { x, y };
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
  const ways = {
    turn: rng.between(18, 32),
    'turn-over': rng.between(32, 58),
    'turn-bent': rng.between(18, 48),
  };
  const way = move in ways ? ways[move as keyof typeof ways] : 0;
  const bend =
    move === 'bend' || move === 'turn-bent' ? rng.between(0.5, 1.9) * (rng.chance(0.75) ? 1 : -1) : 0;
  // A nod is answered by a bend about a level axis, or about the upright one as ever.
  const bendsAcross = rng.chance(0.3);
  const shift = move === 'shift' ? rng.between(0.08, 0.22) : 0;
  const tilt = move === 'tilt' ? rng.between(15, 35) : 0;
  return (time, prompts) => {
    const turned = answered(time, prompts, answer);
    const far = Math.hypot(turned.x, turned.y);
    const near = start + (1 - start) * eased(time, 0, 1);
    return {
      ...FLAT,
      x: x + 0.012 * tremor(time, 0) + shift * turned.x,
      y: y + 0.012 * tremor(time, 1) - shift * turned.y,
      size: size * near * (1 + 0.012 * tremor(time, 2)),
      yaw: yaw + 1.6 * tremor(time, 3) + way * turned.x,
      pitch: pitch + 1.6 * tremor(time, 4) + way * turned.y + tilt * (Math.abs(turned.x) + turned.y),
      roll: roll + 1.2 * tremor(time, 5) + (move === 'tilt' ? 12 * turned.x : 0),
      bendX: bent + bend * (bendsAcross ? far : Math.abs(turned.x)),
      bendY: bend * (bendsAcross ? 0 : Math.abs(turned.y)),
    };
  };
}

/** What a recorded person does in a video that is replayed. */
export const RECORDINGS = ['looks', 'looks-about', 'turns', 'guessed-turn'] as const;
export type Recording = (typeof RECORDINGS)[number];

/**
 * Where a recorded head is turned, degrees to the picture's right and upwards. `guessed-turn` is the recording of a challenge
 * that was passed, of whatever that one asked, started by hand when the arrow comes.
 */
export function drawRecording(rng: Rng, kind: Recording): (time: number, prompts: Prompts) => Turned {
  const tremor = drawTremor(rng);
  const most = rng.between(18, 32);
  const answer = drawAnswer(rng);
  const recorded = drawRecordedChallenge(rng, answer);
  const [period, phase] = [rng.between(2.2, 4.5), rng.between(0, 7)];
  const turns = Array.from({ length: 12 }, () => ({
    wait: rng.between(0.8, 3),
    x: rng.between(-most, most),
    y: rng.between(-most, most) * 0.8,
  }));
  switch (kind) {
    case 'looks':
      return (time) => ({ x: 4 * tremor(time, 0), y: 3 * tremor(time, 1) });
    case 'looks-about':
      return (time) => lookedAbout(time, turns);
    case 'turns':
      return (time) => ({
        x: most * Math.sin((2 * Math.PI * time) / period + phase) ** 3 + tremor(time, 0),
        y: tremor(time, 1),
      });
    case 'guessed-turn':
      return (time, prompts) => {
        const { x, y } = answered(time, prompts[0] ? recorded(prompts[0].at) : [], answer);
        return { x: most * x + 1.5 * tremor(time, 0), y: most * y + 1.5 * tremor(time, 1) };
      };
    default:
      return kind satisfies never;
  }
}

/** The prompts that a recorded person followed, from the first arrow on. */
function drawRecordedChallenge(rng: Rng, { reaction, move }: Answer): (start: number) => Prompts {
  const turns = rng.pick(TURNS);
  const started = rng.between(-0.2, 0.3);
  const holds = turns.map(([, hold]) => rng.between(...CHALLENGE.hold[hold]) / 1000);
  return (start) => {
    let at = start + started;
    const prompts: Prompt[] = [];
    for (const [i, [way]] of turns.entries()) {
      prompts.push({ at, way });
      at += reaction + 0.7 * move + 0.2 + holds[i]!;
    }
    return [...prompts, { at, way: 'ahead' }];
  };
}

function lookedAbout(time: number, turns: readonly (Turned & { readonly wait: number })[]): Turned {
  let at = 0;
  let [x, y] = [0, 0];
  for (const turn of turns) {
    const part = eased(time, at + turn.wait, 0.6);
    x += (turn.x - x) * part;
    y += (turn.y - y) * part;
    at += turn.wait + 0.6;
    if (at > time) break;
  }
  return { x, y };
}
