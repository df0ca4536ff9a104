import { describe, expect, it } from 'vitest';
import { createMirrors } from './mirrors.ts';

const stream = () => ({}) as MediaStream;

/** A video element that tells what it plays. */
function fakeVideo() {
  const video = { srcObject: null as MediaStream | null, muted: false, played: 0, play: async () => {} };
  video.play = async () => {
    video.played += 1;
  };
  return video as typeof video & HTMLVideoElement;
}

describe('the mirrors', () => {
  it('show the camera in each video, also in one that comes later, and another camera in all of them', () => {
    const mirrors = createMirrors();
    const [first, later] = [fakeVideo(), fakeVideo()];
    const [one, other] = [stream(), stream()];
    mirrors.add(first);
    mirrors.show(one);
    mirrors.add(later);
    expect([first.srcObject, later.srcObject]).toEqual([one, one]);
    expect(first).toMatchObject({ muted: true, playsInline: true, played: 1 });
    mirrors.show(other);
    expect([first.srcObject, later.srcObject]).toEqual([other, other]);
    mirrors.show(null);
    expect([first.srcObject, later.srcObject]).toEqual([null, null]);
  });

  it('let go of a video whose screen is closed: it plays nothing, and gets no further camera', () => {
    const mirrors = createMirrors();
    const [closed, stays] = [fakeVideo(), fakeVideo()];
    const leave = mirrors.add(closed);
    mirrors.add(stays);
    mirrors.show(stream());
    leave();
    expect(closed.srcObject).toBeNull();
    mirrors.show(stream());
    expect(closed.srcObject).toBeNull();
    expect(stays.srcObject).not.toBeNull();
  });
});
