import type { Clock } from '@rounz/core/time/clock.ts';
import { browserDeps, type WebcamDeps } from './browser.ts';
import type { CameraConfig } from './config.ts';
import { idOf, optionsOf } from './devices.ts';
import { createMirrors } from './mirrors.ts';
import { mayRecover, problem, problemOf } from './problems.ts';
import { holdState } from './state-holder.ts';
import { idOfStream, streamOf } from './stream.ts';
import type { CameraChoice, FrameSource } from './types.ts';
import { turnedSize } from './upright.ts';

/** The browser's own choice, and no turn. */
const ANY: CameraChoice = { label: null, nth: 0, rotation: 0 };

interface Live {
  readonly stream: MediaStream;
  /** undefined: the browser does not tell */
  readonly deviceId: string | undefined;
  readonly video: HTMLVideoElement;
  /** number of the last grabbed frame */
  grabbed: number;
  /** when it was new, milliseconds */
  freshAt: number;
}

const stopTracks = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

/** A video that goes on playing is kept by the browser, and its stream with it, for as long as the page lives. */
function letGo({ stream, video }: Pick<Live, 'stream' | 'video'>): void {
  stopTracks(stream);
  video.srcObject = null;
}

/** The kiosk's camera. Recovers by itself after it was unplugged, muted, used by another program or forbidden. */
export function createWebcam(clock: Clock, deps: WebcamDeps = browserDeps(clock)): FrameSource {
  const { config } = deps;
  const state = holdState();
  const mirrors = createMirrors();
  let wanted = false;
  let choice = ANY;
  let watching = false;
  /** number of openings; results of an older one are stale */
  let generation = 0;
  let attempts = 0;
  let live: Live | null = null;
  let cancelRetry = (): void => {};
  let cancelMute = (): void => {};
  let cancelWait = (): void => {};

  function release(): void {
    cancelRetry();
    cancelMute();
    cancelWait();
    if (live) letGo(live);
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
    cancelWait();
    cancelWait = clock.after(config.answerWithin, () => {
      if (mine !== generation) return;
      // What is answered later is let go.
      generation += 1;
      failed(problem('in-use', 'the browser gave no answer'));
    });
    try {
      stream = await streamOf(deps.devices, await wantedId(), config);
      if (mine !== generation) return stopTracks(stream);
      // Names are told once the permission is given, and with them that it is another camera.
      const id = await wantedId();
      if (id !== undefined && idOfStream(stream) !== undefined && idOfStream(stream) !== id) {
        stopTracks(stream);
        stream = await streamOf(deps.devices, id, config);
      }
      if (mine !== generation) return stopTracks(stream);
      const video = await deps.play(stream);
      if (mine !== generation) return letGo({ stream, video });
      began(stream, video, mine);
    } catch (error) {
      if (stream) stopTracks(stream);
      if (mine === generation) failed(problemOf(error));
    }
  }

  function began(stream: MediaStream, video: HTMLVideoElement, mine: number): void {
    cancelWait();
    const [track] = stream.getVideoTracks();
    if (track) watchTrack(track, mine);
    live = { stream, deviceId: idOfStream(stream), video, grabbed: -1, freshAt: clock.now() };
    attempts = 0;
    mirrors.show(stream);
    const label = track?.label || 'Camera';
    const size = turnedSize({ width: video.videoWidth, height: video.videoHeight }, choice.rotation);
    state.set({ kind: 'live', label, ...size });
  }

  /** The chosen camera's id now; undefined where the browser has to choose. */
  async function wantedId(): Promise<string | undefined> {
    const devices = await deps.devices?.enumerateDevices().catch(() => []);
    return idOf(devices ?? [], choice);
  }

  /** Something was plugged in or out: the chosen camera may be back. */
  async function devicesChanged(): Promise<void> {
    retryNow();
    const opened = live;
    if (!opened?.deviceId || choice.label === null) return;
    const id = await wantedId();
    if (id !== undefined && id !== opened.deviceId && opened === live) reopen();
  }

  function reopen(): void {
    release();
    attempts = 0;
    void open();
  }

  function retryNow(): void {
    if (!wanted || state.get().kind !== 'problem') return;
    attempts = 0;
    void open();
  }

  function watchBrowser(): void {
    if (watching) return;
    watching = true;
    deps.devices?.addEventListener('devicechange', () => void devicesChanged());
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
    use(next) {
      const other = next.label !== choice.label || next.nth !== choice.nth;
      const turns = next.rotation !== choice.rotation;
      choice = next;
      if (wanted && (other || turns)) reopen();
    },
    async list() {
      const devices = await deps.devices?.enumerateDevices().catch(() => []);
      return optionsOf(devices ?? []).map(({ label, nth, usual }) => ({ label, nth, usual }));
    },
    attach: mirrors.add,
    async grab() {
      if (!live) return null;
      const { video } = live;
      const at = clock.now();
      const frame = deps.frameOf(video);
      if (frame === live.grabbed) {
        // Browsers send no frames to a hidden page; this is no loss.
        if (!deps.visible()) live.freshAt = at;
        else if (at - live.freshAt > config.stallAfter) failed(problem('lost', 'no new picture'));
        return null;
      }
      live.grabbed = frame;
      live.freshAt = at;
      // A camera that is unplugged now has no frame; its track reports the loss.
      const { rotation } = choice;
      return deps
        .bitmap(video, analysisSize(video, config))
        .then((bitmap) => deps.turn(bitmap, rotation))
        .catch(() => null);
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
