import { KFACE_LUX, yawOfCamera } from '../../data/kface-condition.ts';
import { LIGHTS, type Light } from '../render/light.ts';
import type { PoseDegrees } from '../render/pose.ts';

/** How K-FACE's studio is imitated; everything that K-FACE doesn't say is this project's choice. */
const STUDIO = {
  /** exposure of a picture over its illuminance's share of L1's 1000 lux, as a power: eyes and cameras adapt a little */
  adaptation: 0.6,
  /** exposure at 0 lux: what leaks into a dark room */
  leak: 0.012,
  /** standard deviation of the sensor's noise at L1 and what the dark adds to it, 0..255 */
  noise: { least: 1, dark: 3 },
  /** degrees to the picture's right of the lamps of L8 to L30, in turn, and their height */
  lamps: [-80, -55, -30, 0, 30, 55, 80, 0],
  lampHeight: 18,
  /** height of every eighth lamp, which hangs overhead */
  overhead: 68,
  /** exposure of the first, second and third round of the lamps */
  rounds: [1, 0.5, 0.22],
} as const;

/** Turn and height of C14 to C20, which sources describe differently; degrees. */
const UPPER_AND_LOWER: readonly PoseDegrees[] = [
  { yaw: 45, pitch: -20, roll: 0 },
  { yaw: 0, pitch: -20, roll: 0 },
  { yaw: -45, pitch: -20, roll: 0 },
  { yaw: 45, pitch: 20, roll: 0 },
  { yaw: 0, pitch: 20, roll: 0 },
  { yaw: -45, pitch: 20, roll: 0 },
  { yaw: 0, pitch: -35, roll: 0 },
];

/** The head as a camera sees it: C1 looks at a head turned to the picture's right. */
export function poseOfCamera(camera: number): PoseDegrees {
  const yaw = yawOfCamera(camera);
  return yaw === null ? UPPER_AND_LOWER[camera - 14]! : { yaw, pitch: 0, roll: 0 };
}

/** A light of K-FACE's, and the noise of the picture that it makes. */
export function studioLight(number: number): { light: Light; grain: number } {
  const lux = KFACE_LUX[number - 1];
  const lamp = number - 1 - KFACE_LUX.length;
  const light =
    lux === undefined
      ? lampLight(lamp)
      : { ...LIGHTS.front, exposure: Math.max(STUDIO.leak, (lux / KFACE_LUX[0]) ** STUDIO.adaptation) };
  return { light, grain: STUDIO.noise.least + STUDIO.noise.dark * (1 - light.exposure) };
}

function lampLight(lamp: number): Light {
  const place = lamp % STUDIO.lamps.length;
  const hung = place === STUDIO.lamps.length - 1;
  return {
    ...LIGHTS.left,
    azimuth: STUDIO.lamps[place]!,
    elevation: hung ? STUDIO.overhead : STUDIO.lampHeight,
    ambient: 0.16,
    exposure: STUDIO.rounds[Math.floor(lamp / STUDIO.lamps.length)]!,
  };
}
