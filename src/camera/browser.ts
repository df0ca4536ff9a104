import type { Clock } from '@rounz/core/time/clock.ts';
import { CAMERA, type CameraConfig } from './config.ts';
import { turned } from './upright.ts';

/** What the webcam needs of the browser; tests replace it. */
export interface WebcamDeps {
  readonly devices: Pick<MediaDevices, 'getUserMedia' | 'addEventListener' | 'enumerateDevices'> | undefined;
  /** calls `granted` when the permission is given later */
  readonly watchPermission: (granted: () => void) => void;
  /** a playing, muted video of the stream with its first frame there; rejects when there is none in time */
  readonly play: (stream: MediaStream) => Promise<HTMLVideoElement>;
  /** another number for each new frame; the same for as long as none comes */
  readonly frameOf: (video: HTMLVideoElement) => number;
  readonly bitmap: (video: HTMLVideoElement, size: ImageBitmapOptions) => Promise<ImageBitmap>;
  readonly turn: typeof turned;
  readonly visible: () => boolean;
  readonly config: CameraConfig;
}

function watchPermission(granted: () => void): void {
  // Some browsers do not know the permission name `camera`; there staff reload the page.
  navigator.permissions
    ?.query({ name: 'camera' as PermissionName })
    .then((status) => status.addEventListener('change', () => status.state === 'granted' && granted()))
    .catch(() => {});
}

async function play(stream: MediaStream, clock: Clock): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const first = new Promise<void>((resolve, reject) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true });
    clock.after(CAMERA.firstFrameWithin, () =>
      reject(new DOMException('The camera was opened but sent no picture.', 'NotReadableError')),
    );
  });
  try {
    await Promise.all([video.play(), first]);
    return video;
  } catch (error) {
    video.srcObject = null;
    throw error;
  }
}

/**
 * Frames that the video has taken. Its `currentTime` does not tell: in Chromium that of a stream runs on with the clock although no
 * frame comes. Where a browser counts none of a stream's frames, its time is all there is.
 */
const frameOf = (video: HTMLVideoElement): number =>
  video.getVideoPlaybackQuality?.().totalVideoFrames || video.currentTime;

export const browserDeps = (clock: Clock): WebcamDeps => ({
  devices: navigator.mediaDevices,
  watchPermission,
  play: (stream) => play(stream, clock),
  frameOf,
  bitmap: (video, size) => createImageBitmap(video, size),
  turn: turned,
  visible: () => document.visibilityState === 'visible',
  config: CAMERA,
});
