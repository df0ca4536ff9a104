import { imageBox } from '@rounz/core/units.ts';
import { describe, expect, it } from 'vitest';
import { spotInMirror } from './geometry.ts';

const frame = { width: 640, height: 480 };

describe('a face in the mirror', () => {
  it('stays in the middle when it is in the middle', () => {
    const spot = spotInMirror(imageBox(270, 190, 100, 100), frame, { width: 800, height: 800 });
    expect(spot).toMatchObject({ x: 400, y: 400 });
  });

  it('is flipped: what the camera sees on the left is on the right', () => {
    const spot = spotInMirror(imageBox(0, 190, 100, 100), frame, { width: 640, height: 480 });
    expect(spot.x).toBe(590);
  });

  it('is not flipped where the shop wants no mirror', () => {
    const spot = spotInMirror(imageBox(0, 190, 100, 100), frame, { width: 640, height: 480 }, false);
    expect(spot.x).toBe(50);
  });

  it('follows a picture that is cut at the sides to cover a square', () => {
    // 480 of 640 columns are seen: column 80 is the left edge, scale 800 / 480.
    const spot = spotInMirror(imageBox(80, 0, 0, 0), frame, { width: 800, height: 800 });
    expect(spot.x).toBeCloseTo(800, 6);
    expect(spot.y).toBeCloseTo(0, 6);
  });

  it('follows a picture that is cut above and below to cover a wide mirror', () => {
    const spot = spotInMirror(imageBox(320, 0, 0, 0), frame, { width: 1280, height: 480 });
    expect(spot.y).toBeCloseTo(-240, 6);
  });

  it('grows with the face', () => {
    const near = spotInMirror(imageBox(200, 100, 200, 240), frame, frame);
    const far = spotInMirror(imageBox(200, 100, 100, 120), frame, frame);
    expect(near.radius).toBeCloseTo(2 * far.radius, 6);
  });
});
