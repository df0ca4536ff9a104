import type { Clock } from '@rounz/core/time/clock.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebcamDeps } from './browser.ts';
import { CAMERA } from './config.ts';
import type { CameraState, FrameSource } from './types.ts';
import { createWebcam } from './webcam.ts';

class FakeTrack extends EventTarget {
  readonly label = 'Test camera';
  deviceId: string | undefined = undefined;
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stopped = false;
  stop() {
    this.stopped = true;
  }
  say(event: 'ended' | 'mute' | 'unmute') {
    this.dispatchEvent(new Event(event));
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A fake browser whose clock, devices and permission the test controls. */
function fakeBrowser() {
  const devices = new EventTarget() as EventTarget & {
    getUserMedia: (asked: MediaStreamConstraints) => Promise<MediaStream>;
    enumerateDevices: () => Promise<MediaDeviceInfo[]>;
  };
  let tasks: { due: number; task: () => void }[] = [];
  const browser = {
    time: 0,
    error: null as Error | null,
    hidden: false,
    asked: 0,
    /** what the last opening asked for */
    constraints: null as MediaTrackConstraints | null,
    cameras: [] as { label: string; deviceId: string }[],
    turns: [] as number[],
    tracks: [] as FakeTrack[],
    frames: 1,
    /** what each opening plays */
    video: { videoWidth: 640, videoHeight: 480, srcObject: null as MediaStream | null },
    /** until the video plays */
    playing: Promise.resolve() as Promise<void>,
    sizes: [] as ImageBitmapOptions[],
    grant: () => {},
    track: () => browser.tracks.at(-1)!,
    plug: () => devices.dispatchEvent(new Event('devicechange')),
    async advance(ms: number) {
      const end = browser.time + ms;
      await settle();
      for (;;) {
        const next = tasks.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        tasks = tasks.filter((task) => task !== next);
        browser.time = next.due;
        next.task();
        await settle();
      }
      browser.time = end;
    },
    deps: null as unknown as WebcamDeps,
  };
  const clock: Clock = {
    now: () => browser.time,
    date: () => new Date(browser.time).toISOString(),
    after: (ms, task) => {
      const entry = { due: browser.time + ms, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
  };
  devices.enumerateDevices = async () =>
    browser.cameras.map((one) => ({ kind: 'videoinput', ...one }) as MediaDeviceInfo);
  devices.getUserMedia = async ({ video }) => {
    browser.asked += 1;
    if (browser.error) throw browser.error;
    browser.constraints = video as MediaTrackConstraints;
    const { exact } = (browser.constraints.deviceId ?? {}) as ConstrainDOMStringParameters;
    const track = new FakeTrack();
    track.deviceId = (exact as string | undefined) ?? browser.cameras[0]?.deviceId;
    browser.tracks.push(track);
    return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
  };
  browser.deps = {
    devices: devices as unknown as MediaDevices,
    watchPermission: (granted) => {
      browser.grant = granted;
    },
    play: async (stream) => {
      browser.video.srcObject = stream;
      await browser.playing;
      return browser.video as unknown as HTMLVideoElement;
    },
    frameOf: () => browser.frames,
    bitmap: async (_, size) => {
      browser.sizes.push(size);
      return { close() {} } as ImageBitmap;
    },
    turn: async (frame, rotation) => {
      browser.turns.push(rotation);
      return frame;
    },
    visible: () => !browser.hidden,
    config: CAMERA,
  };
  return { browser, clock };
}

let browser: ReturnType<typeof fakeBrowser>['browser'];
let clock: Clock;
let camera: FrameSource;
let seen: CameraState[];

beforeEach(() => {
  ({ browser, clock } = fakeBrowser());
  camera = createWebcam(clock, browser.deps);
  seen = [];
  camera.subscribe((state) => seen.push(state));
});

const kinds = () => seen.map((state) => (state.kind === 'problem' ? state.problem : state.kind));

describe('the webcam', () => {
  it('goes live, stops its track when it is stopped, and starts once however often it is told to', async () => {
    await camera.start();
    await camera.start();
    expect(browser.asked).toBe(1);
    expect(camera.state).toEqual({ kind: 'live', label: 'Test camera', width: 640, height: 480 });
    camera.stop();
    expect(browser.track().stopped).toBe(true);
    expect(kinds()).toEqual(['starting', 'live', 'off']);
  });

  it('lets go of a camera that opens after it was stopped', async () => {
    const opening = camera.start();
    camera.stop();
    await opening;
    expect(browser.track().stopped).toBe(true);
    expect(camera.state.kind).toBe('off');
  });

  it('leaves no video behind that plays a camera which is lost, or which plays only after it was stopped', async () => {
    await camera.start();
    const playing = { ...browser.video };
    browser.track().say('ended');
    expect(playing.srcObject).not.toBeNull();
    expect(browser.video.srcObject).toBeNull();
    let plays = () => {};
    browser.playing = new Promise((resolve) => {
      plays = resolve;
    });
    await browser.advance(CAMERA.retryAfter);
    expect(browser.video.srcObject).not.toBeNull();
    camera.stop();
    plays();
    await settle();
    expect(browser.video.srcObject).toBeNull();
    expect(browser.tracks.every(({ stopped }) => stopped)).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'permission-refused'],
    ['NotFoundError', 'no-camera'],
    ['OverconstrainedError', 'no-camera'],
    ['NotReadableError', 'in-use'],
    ['SecurityError', 'unsupported'],
    ['OddError', 'lost'],
  ])('says what %s means', async (name, expected) => {
    browser.error = new DOMException('because', name);
    await camera.start();
    expect(camera.state).toMatchObject({ kind: 'problem', problem: expected });
  });

  it('says so where the page may use no camera at all', async () => {
    camera = createWebcam(clock, { ...browser.deps, devices: undefined });
    await camera.start();
    expect(camera.state).toMatchObject({ problem: 'unsupported' });
  });

  it('tries a busy camera again, each time after twice the wait, without flickering', async () => {
    browser.error = new DOMException('busy', 'NotReadableError');
    await camera.start();
    await browser.advance(CAMERA.retryAfter);
    expect(browser.asked).toBe(2);
    await browser.advance(CAMERA.retryAfter * 2 - 1);
    expect(browser.asked).toBe(2);
    browser.error = null;
    await browser.advance(1);
    expect(camera.state.kind).toBe('live');
    expect(kinds().filter((kind) => kind === 'starting')).toHaveLength(1);
  });

  it('never waits longer than the longest wait', async () => {
    browser.error = new DOMException('busy', 'NotReadableError');
    await camera.start();
    await browser.advance(60_000);
    const asked = browser.asked;
    await browser.advance(CAMERA.retryAtMost);
    expect(browser.asked).toBe(asked + 1);
  });

  it('gives up an opening that the browser never answers, says so, and takes the camera once it answers', async () => {
    const { getUserMedia } = browser.deps.devices!;
    const late: ((stream: MediaStream) => void)[] = [];
    let silent = true;
    Object.assign(browser.deps.devices!, {
      getUserMedia: (asked: MediaStreamConstraints) =>
        silent ? new Promise<MediaStream>((resolve) => late.push(resolve)) : getUserMedia(asked),
    });
    void camera.start();
    await browser.advance(CAMERA.answerWithin + 10);
    expect(kinds()).toEqual(['starting', 'in-use']);
    silent = false;
    await browser.advance(CAMERA.retryAfter);
    expect(camera.state.kind).toBe('live');
    const track = new FakeTrack();
    late[0]!({ getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream);
    await browser.advance(2 * CAMERA.answerWithin);
    expect(track.stopped).toBe(true);
    expect(camera.state.kind).toBe('live');
  });

  it('does not pester for a refused permission, and takes one that is given later', async () => {
    browser.error = new DOMException('no', 'NotAllowedError');
    await camera.start();
    await browser.advance(60_000);
    expect(browser.asked).toBe(1);
    browser.error = null;
    browser.grant();
    await settle();
    expect(camera.state.kind).toBe('live');
  });

  it('reports a pulled camera at once and takes it back when it is plugged in', async () => {
    await camera.start();
    browser.error = new DOMException('none', 'NotFoundError');
    browser.track().say('ended');
    expect(camera.state).toMatchObject({ problem: 'lost' });
    await browser.advance(CAMERA.retryAfter);
    expect(camera.state).toMatchObject({ problem: 'no-camera' });
    browser.error = null;
    browser.plug();
    await settle();
    expect(camera.state.kind).toBe('live');
  });

  it('forgives a short mute and gives up on a long one', async () => {
    await camera.start();
    browser.track().say('mute');
    await browser.advance(CAMERA.muteGrace - 1);
    browser.track().say('unmute');
    await browser.advance(CAMERA.muteGrace);
    expect(camera.state.kind).toBe('live');
    browser.track().say('mute');
    browser.error = new DOMException('busy', 'NotReadableError');
    await browser.advance(CAMERA.muteGrace);
    expect(camera.state).toMatchObject({ problem: 'lost' });
  });

  it('ignores what an older stream says', async () => {
    await camera.start();
    const old = browser.track();
    old.say('ended');
    await browser.advance(CAMERA.retryAfter);
    expect(camera.state.kind).toBe('live');
    old.say('ended');
    expect(camera.state.kind).toBe('live');
  });

  it('grabs each frame once, and shrinks large ones', async () => {
    expect(await camera.grab()).toBeNull();
    await camera.start();
    expect(await camera.grab()).not.toBeNull();
    expect(await camera.grab()).toBeNull();
    browser.frames += 1;
    Object.assign(browser.video, { videoWidth: 1920, videoHeight: 1080 });
    expect(await camera.grab()).not.toBeNull();
    expect(browser.sizes).toEqual([{}, { resizeWidth: 960, resizeHeight: 540, resizeQuality: 'medium' }]);
  });

  it('notices a camera that hangs, but not while nobody sees the page', async () => {
    await camera.start();
    await camera.grab();
    browser.hidden = true;
    await browser.advance(CAMERA.stallAfter * 3);
    await camera.grab();
    browser.hidden = false;
    await browser.advance(CAMERA.stallAfter);
    await camera.grab();
    expect(camera.state.kind).toBe('live');
    await browser.advance(1);
    await camera.grab();
    expect(camera.state).toMatchObject({ problem: 'lost' });
  });
});

describe('the choice of a camera', () => {
  const ir = { label: 'Integrated IR Camera', deviceId: 'ir' };
  const webcam = { label: 'Webcam', deviceId: 'w1' };
  const desk = { label: 'Desk camera', deviceId: 'd1' };
  const opened = () => (browser.constraints?.deviceId as ConstrainDOMStringParameters | undefined)?.exact;

  it('is never an infrared one by default', async () => {
    browser.cameras = [ir, webcam];
    await camera.start();
    expect(opened()).toBe('w1');
  });

  it('is corrected once the permission tells the names', async () => {
    browser.cameras = [{ label: '', deviceId: '' }];
    const start = camera.start();
    browser.cameras = [ir, webcam];
    await start;
    expect(opened()).toBe('w1');
    expect(browser.tracks.map(({ stopped }) => stopped).at(-1)).toBe(false);
  });

  it('holds by name after a restart has given other ids', async () => {
    browser.cameras = [webcam, { ...desk, deviceId: 'd2' }];
    camera.use({ label: 'Desk camera', nth: 0, rotation: 0 });
    await camera.start();
    expect(opened()).toBe('d2');
  });

  it('takes the chosen one back when it is plugged in again', async () => {
    browser.cameras = [webcam];
    camera.use({ label: 'Desk camera', nth: 0, rotation: 0 });
    await camera.start();
    expect(opened()).toBe('w1');
    browser.cameras = [webcam, desk];
    browser.plug();
    await settle();
    await settle();
    expect(opened()).toBe('d1');
    expect(browser.tracks.filter(({ stopped }) => !stopped)).toHaveLength(1);
  });

  it('turns each frame, and tells the turned size', async () => {
    camera.use({ label: null, nth: 0, rotation: 90 });
    await camera.start();
    expect(camera.state).toMatchObject({ kind: 'live', width: 480, height: 640 });
    browser.frames += 1;
    await camera.grab();
    expect(browser.turns).toEqual([90]);
  });

  it('lists what can be chosen, and says what is no usual camera', async () => {
    browser.cameras = [ir, webcam];
    expect(await camera.list()).toEqual([
      { label: ir.label, nth: 0, usual: false },
      { label: webcam.label, nth: 0, usual: true },
    ]);
  });
});
