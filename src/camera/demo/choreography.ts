import type { Demo, Scene, Side } from './schema.ts';

/** The stage and how people move on it. Lengths in canvas pixels, times in seconds. */
export interface StageConfig {
  readonly width: number;
  readonly height: number;
  /** position of the point between the eyes of a person who stands in front of the kiosk */
  readonly eyeX: number;
  readonly eyeY: number;
  /** distance between the eyes of a person who stands there */
  readonly eyeDistance: number;
  /** size at the far end of a walk, as a share of the size when standing, 0..1 */
  readonly farScale: number;
  /** share of an entry during which a distant person fades in, 0..1 */
  readonly fade: number;
  readonly sway: { readonly x: number; readonly y: number; readonly period: number };
  readonly step: { readonly height: number; readonly period: number };
  readonly blink: { readonly length: number; readonly every: readonly [number, number] };
  /** a person turns or smiles only after standing for so long, and for `length` at most */
  readonly gesture: { readonly after: number; readonly every: number; readonly length: number };
}

export const STAGE: StageConfig = {
  width: 640,
  height: 480,
  eyeX: 320,
  eyeY: 205,
  eyeDistance: 82,
  farScale: 0.55,
  fade: 0.25,
  sway: { x: 6, y: 2, period: 4.1 },
  step: { height: 5, period: 0.55 },
  blink: { length: 0.15, every: [3, 5] },
  gesture: { after: 4, every: 3.5, length: 1.1 },
};

/** One person on the stage: a frame of a sheet and where it goes. */
export interface Placement {
  readonly person: string;
  readonly look: string;
  /** name of the frame within its sheet */
  readonly frame: string;
  /** canvas pixels */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0..1 */
  readonly opacity: number;
}

export const sceneLength = ({ person, seconds }: Scene): number =>
  person === null ? seconds.stay : seconds.enter + seconds.stay + seconds.leave;

/** The scene at a time, and how long it has been playing. The script repeats. */
export function sceneAt(
  script: readonly Scene[],
  at: number,
): { scene: Scene; index: number; elapsed: number } {
  const total = script.reduce((sum, scene) => sum + sceneLength(scene), 0);
  let elapsed = total > 0 ? at % total : 0;
  for (const [index, scene] of script.entries()) {
    const length = sceneLength(scene);
    if (elapsed < length) return { scene, index, elapsed };
    elapsed -= length;
  }
  return { scene: script[0]!, index: 0, elapsed: 0 };
}

/** Starts and stops gently: 3t^2 - 2t^3. */
const ease = (t: number): number => t * t * (3 - 2 * t);

/** A pseudo-random number from 0 to 1 for an index, so that each demonstration is the same. */
function chance(index: number): number {
  const value = Math.sin(index * 127.1 + 311.7) * 43758.5453;
  return value - Math.floor(value);
}

/** The person on the stage at a time and their place; null if the shop is empty. `at`: seconds since the start. */
export function placementAt(demo: Demo, at: number, stage: StageConfig = STAGE): Placement | null {
  const { scene, index, elapsed } = sceneAt(demo.script, at);
  const { person, look = 'bare', seconds } = scene;
  if (person === null) return null;
  const stood = elapsed - seconds.enter;
  const left = stood - seconds.stay;
  const arrived =
    stood < 0 ? ease(elapsed / seconds.enter) : left > 0 ? 1 - ease(Math.min(1, left / seconds.leave)) : 1;
  const side = stood < 0 ? scene.from : scene.to;
  const frames = demo.people.find(({ id }) => id === person)?.looks[look]?.frames ?? [];
  const frame = arrived < 1 ? 'rest' : frameAt(frames, stood, index, stage);
  return { person, look, frame, ...place(demo, side, arrived, elapsed, stage) };
}

/** The frame of a standing person: mostly at rest, sometimes a blink, a smile or a slight turn. */
export function frameAt(frames: readonly string[], stood: number, seed: number, stage: StageConfig): string {
  const { blink, gesture } = stage;
  const [least, most] = blink.every;
  const blinkPeriod = least + (most - least) * chance(seed);
  if (frames.includes('blink') && stood % blinkPeriod > blinkPeriod - blink.length) return 'blink';
  const gestures = frames.filter((name) => name !== 'rest' && name !== 'blink');
  const slot = Math.floor((stood - gesture.after) / gesture.every);
  const within = stood - gesture.after - slot * gesture.every;
  if (slot < 0 || within > gesture.length || gestures.length === 0) return 'rest';
  return gestures[Math.floor(chance(seed * 17 + slot) * gestures.length)]!;
}

/** @param arrived 0: at its side or afar; 1: before the kiosk */
function place(
  { frameSize, eyes }: Demo,
  side: Side,
  arrived: number,
  elapsed: number,
  stage: StageConfig,
): Pick<Placement, 'x' | 'y' | 'width' | 'height' | 'opacity'> {
  const scale = (stage.eyeDistance / eyes.distance) * (stage.farScale + (1 - stage.farScale) * arrived);
  const width = frameSize.width * scale;
  const height = frameSize.height * scale;
  const away = side === 'left' ? -width / 2 : stage.width + width / 2;
  const eyeX = side === 'far' ? stage.eyeX : away + (stage.eyeX - away) * arrived;
  const turn = (2 * Math.PI * elapsed) / stage.sway.period;
  const walking = arrived < 1 ? Math.abs(Math.sin((Math.PI * elapsed) / stage.step.period)) : 0;
  const x = eyeX - eyes.x * scale + stage.sway.x * Math.sin(turn);
  const y = stage.eyeY - eyes.y * scale + stage.sway.y * Math.sin(1.7 * turn) + stage.step.height * walking;
  return {
    x,
    // The picture is cut off below the shoulders; its lower edge must stay hidden.
    y: Math.max(y, stage.height - height),
    width,
    height,
    opacity: side === 'far' ? Math.min(1, arrived / stage.fade) : 1,
  };
}
