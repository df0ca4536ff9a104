import type { Clock } from '@rounz/core/time/clock.ts';
import { CAMERA, type CameraConfig } from './config.ts';
import { createMirrors } from './mirrors.ts';
import { mayRecover, problem, problemOf } from './problems.ts';
import { holdState } from './state-holder.ts';
import type { FrameSource } from './types.ts';

/** What the webcam needs of the browser; tests replace it. */
export interface WebcamDeps {
  readonly devices: Pick<MediaDevices, 'getUserMedia' | 'addEventListener'> | undefined;
  /** calls `granted` when the permission is given later */
  readonly watchPermission: (granted: () => void) => void;
  /** a playing, muted video of the stream with its first frame there; rejects when there is none in time */
  readonly play: (stream: MediaStream) => Promise<HTMLVideoElement>;
  readonly bitmap: (video: HTMLVideoElement, size: ImageBitmapOptions) => Promise<ImageBitmap>;
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
  await Promise.all([video.play(), first]);
  return video;
}

const browserDeps = (clock: Clock): WebcamDeps => ({
  devices: navigator.mediaDevices,
  watchPermission,
  play: (stream) => play(stream, clock),
  bitmap: (video, size) => createImageBitmap(video, size),
  visible: () => document.visibilityState === 'visible',
  config: CAMERA,
});

interface Live {
  readonly stream: MediaStream;
  readonly video: HTMLVideoElement;
  /** `currentTime` of the last grabbed frame, seconds */
  grabbed: number;
  /** when it was new, milliseconds */
  freshAt: number;
}

const stopTracks = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

/** The kiosk's camera. Recovers by itself after it was unplugged, muted, used by another program or forbidden. */
export function createWebcam(clock: Clock, deps: WebcamDeps = browserDeps(clock)): FrameSource {
  const { config } = deps;
  const state = holdState();
  const mirrors = createMirrors();
  let wanted = false;
  let watching = false;
  /** number of openings; results of an older one are stale */
  let generation = 0;
  let attempts = 0;
  let live: Live | null = null;
  let cancelRetry = (): void => {};
  let cancelMute = (): void => {};

  function release(): void {
    cancelRetry();
    cancelMute();
    if (live) stopTracks(live.stream);
    live = null;
    mirrors.show(null);
  }

  function failed(next: ReturnType<typeof problem>): void {
    release();
    state.set(next);
    if (!mayRecover(next.problem)) return;
    const wait = Math.min(config.retryAtMost, config.retryAfter * 2 ** attempts);
    attempts += 1;
    cancelRetry = clock.after(wait, () => void open());
  }

  function watchTrack(track: MediaStreamTrack, mine: number): void {
    const lose = (cause: string) => mine === generation && failed(problem('lost', cause));
    track.addEventListener('ended', () => lose('the browser ended the stream'));
    track.addEventListener('unmute', () => cancelMute());
    track.addEventListener('mute', () => {
      if (mine !== generation) return;
      cancelMute();
      cancelMute = clock.after(config.muteGrace, () => lose('the camera sends nothing'));
    });
  }

  async function open(): Promise<void> {
    const mine = ++generation;
    cancelRetry();
    if (!deps.devices) return failed(problem('unsupported'));
    if (state.get().kind !== 'problem') state.set({ kind: 'starting' });
    let stream: MediaStream | null = null;
    try {
      const { width, height, frameRate } = config;
      stream = await deps.devices.getUserMedia({
        audio: false,
        video: {
          width: { ideal: width },
          height: { ideal: height },
          frameRate: { ideal: frameRate },
          facingMode: 'user',
        },
      });
      if (mine !== generation) return stopTracks(stream);
      const video = await deps.play(stream);
      if (mine !== generation) return stopTracks(stream);
      began(stream, video, mine);
    } catch (error) {
      if (stream) stopTracks(stream);
      if (mine === generation) failed(problemOf(error));
    }
  }

  function began(stream: MediaStream, video: HTMLVideoElement, mine: number): void {
    const [track] = stream.getVideoTracks();
    if (track) watchTrack(track, mine);
    live = { stream, video, grabbed: -1, freshAt: clock.now() };
    attempts = 0;
    mirrors.show(stream);
    const label = track?.label || 'Camera';
    state.set({ kind: 'live', label, width: video.videoWidth, height: video.videoHeight });
  }

  function retryNow(): void {
    if (!wanted || state.get().kind !== 'problem') return;
    attempts = 0;
    void open();
  }

  function watchBrowser(): void {
    if (watching) return;
    watching = true;
    deps.devices?.addEventListener('devicechange', retryNow);
    deps.watchPermission(retryNow);
  }

  return {
    get state() {
      return state.get();
    },
    subscribe: state.subscribe,
    async start() {
      watchBrowser();
      if (wanted) return retryNow();
      wanted = true;
      attempts = 0;
      await open();
    },
    stop() {
      wanted = false;
      generation += 1;
      release();
      state.set({ kind: 'off' });
    },
    attach: mirrors.add,
    async grab() {
      if (!live) return null;
      const { video } = live;
      const at = clock.now();
      if (video.currentTime === live.grabbed) {
        // Browsers send no frames to a hidden page; this is no loss.
        if (!deps.visible()) live.freshAt = at;
        else if (at - live.freshAt > config.stallAfter) failed(problem('lost', 'no new picture'));
        return null;
      }
      live.grabbed = video.currentTime;
      live.freshAt = at;
      // A camera that is unplugged now has no frame; its track reports the loss.
      return deps.bitmap(video, analysisSize(video, config)).catch(() => null);
    },
  };
}

/** Large frames are shrunk while they are copied, because no later step needs all pixels. */
function analysisSize(
  { videoWidth, videoHeight }: HTMLVideoElement,
  { maxWidth }: CameraConfig,
): ImageBitmapOptions {
  if (videoWidth <= maxWidth) return {};
  const resizeHeight = Math.round((videoHeight * maxWidth) / videoWidth);
  return { resizeWidth: maxWidth, resizeHeight, resizeQuality: 'medium' };
}
