import type { CameraChoice, CameraOption } from './types.ts';

/**
 * Names of what is no camera for faces: infrared and depth sensors (Windows Hello, RealSense), and programs that play a picture.
 * `IR` and `RGB-D` count as words alone: "Iriun" and "Mirror" hold the letters too.
 */
const SENSOR = /\b(?:ir|infra-?red|depth|thermal|tof|rgb-?d|lidar)\b|hello (?:face|ir)|적외선/i;
const VIRTUAL =
  /\bvirtual\b|\bobs\b|manycam|xsplit|snap camera|droidcam|iriun|epoccam|ndi\b|e2esoft|vcam|v4l2loopback|dummy video|가상/i;

/** Whether the kiosk may take this camera without having been told to. */
export const isUsual = (label: string): boolean => !SENSOR.test(label) && !VIRTUAL.test(label);

/** The cameras with their names and, of those of one name, their number. Names are empty before the permission was given. */
export function optionsOf(devices: readonly MediaDeviceInfo[]): readonly (CameraOption & { id: string })[] {
  const seen = new Map<string, number>();
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ label, deviceId }) => {
      const nth = seen.get(label) ?? 0;
      seen.set(label, nth + 1);
      return { label, nth, usual: isUsual(label), id: deviceId };
    })
    .filter(({ label }) => label !== '');
}

/**
 * Id of the camera to open: the chosen one by its name, since ids change; else the first that sees faces; undefined where the
 * browser has to choose, because it tells no names yet or there is no camera for faces among them.
 */
export function idOf(devices: readonly MediaDeviceInfo[], { label, nth }: CameraChoice): string | undefined {
  const options = optionsOf(devices);
  const named = options.filter((one) => one.label === label);
  const chosen = named.find((one) => one.nth === nth) ?? named[0];
  return (chosen ?? options.find(({ usual }) => usual))?.id;
}
