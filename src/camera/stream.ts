import type { CameraConfig } from './config.ts';

/** undefined: the browser does not tell */
export const idOfStream = (stream: MediaStream): string | undefined =>
  stream.getVideoTracks()[0]?.getSettings?.().deviceId;

/** Opens a camera. @param id undefined: the browser chooses, one that faces the visitor if it can */
export function streamOf(
  devices: Pick<MediaDevices, 'getUserMedia'>,
  id: string | undefined,
  { width, height, frameRate }: CameraConfig,
): Promise<MediaStream> {
  return devices.getUserMedia({
    audio: false,
    video: {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: frameRate },
      ...(id === undefined ? { facingMode: 'user' } : { deviceId: { exact: id } }),
    },
  });
}
