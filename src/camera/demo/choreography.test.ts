import { describe, expect, it } from 'vitest';
import { frameAt, placementAt, STAGE, sceneAt } from './choreography.ts';
import { type Demo, demoSchema } from './schema.ts';

const demo: Demo = demoSchema.parse({
  version: 1,
  frameSize: { width: 400, height: 520 },
  eyes: { x: 200, y: 180, distance: 64 },
  people: [
    { id: 'a', looks: { bare: { file: 'a.webp', frames: ['rest', 'blink', 'smile', 'left'] } } },
    { id: 'b', looks: { cap: { file: 'b.webp', frames: ['rest'] } } },
  ],
  script: [
    { person: 'a', seconds: { enter: 2, stay: 10, leave: 2 }, from: 'left', to: 'right' },
    { person: null, seconds: { stay: 3 } },
    { person: 'b', look: 'cap', seconds: { enter: 2, stay: 5, leave: 1 }, from: 'far', to: 'far' },
  ],
});

const eyes = (at: number) => {
  const placed = placementAt(demo, at)!;
  const scale = placed.width / demo.frameSize.width;
  return {
    x: placed.x + demo.eyes.x * scale,
    y: placed.y + demo.eyes.y * scale,
    distance: demo.eyes.distance * scale,
  };
};

describe('the demonstration', () => {
  it('plays the scenes in order and then from the start', () => {
    expect(sceneAt(demo.script, 0).index).toBe(0);
    expect(sceneAt(demo.script, 13.9).index).toBe(0);
    expect(sceneAt(demo.script, 14).index).toBe(1);
    expect(sceneAt(demo.script, 17)).toMatchObject({ index: 2, elapsed: 0 });
    expect(sceneAt(demo.script, 25 + 14.5)).toMatchObject({ index: 1 });
    expect(placementAt(demo, 15)).toBeNull();
  });

  it('brings somebody from beyond the left edge, stands them before the kiosk, and takes them out on the right', () => {
    const start = placementAt(demo, 0)!;
    expect(start.x + start.width).toBeLessThan(STAGE.sway.x + 1);
    const standing = eyes(6);
    expect(Math.abs(standing.x - STAGE.eyeX)).toBeLessThanOrEqual(STAGE.sway.x);
    expect(standing.distance).toBeCloseTo(STAGE.eyeDistance, 6);
    expect(placementAt(demo, 13.999)!.x).toBeGreaterThan(STAGE.width - STAGE.sway.x - 1);
  });

  it('lets somebody from afar grow and appear', () => {
    expect(placementAt(demo, 17)!.opacity).toBe(0);
    expect(eyes(17).distance).toBeCloseTo(STAGE.eyeDistance * STAGE.farScale, 6);
    expect(eyes(18).distance).toBeGreaterThan(eyes(17.5).distance);
    expect(placementAt(demo, 20)!.opacity).toBe(1);
  });

  it('moves without jumps and never shows the lower edge of a picture', () => {
    for (const [from, to] of [
      [0, 14],
      [17, 25],
    ] as const)
      for (let at = from; at + 0.05 < to; at += 0.05) {
        const [now, next] = [placementAt(demo, at)!, placementAt(demo, at + 0.05)!];
        expect(now.y + now.height).toBeGreaterThanOrEqual(STAGE.height - 1e-9);
        expect(Math.abs(next.x - now.x)).toBeLessThan(40);
        expect(Math.abs(next.y - now.y)).toBeLessThan(20);
      }
  });

  it('shows the face at rest first, blinks briefly, gestures with frames that the sheet has', () => {
    const frames = ['rest', 'blink', 'smile', 'left'];
    const shown = Array.from({ length: 2000 }, (_, i) => frameAt(frames, i / 100, 3, STAGE));
    expect(new Set(shown.slice(0, 250))).toEqual(new Set(['rest']));
    const share = (name: string) => shown.filter((one) => one === name).length / shown.length;
    expect(share('rest')).toBeGreaterThan(0.5);
    expect(share('blink')).toBeGreaterThan(0.01);
    expect(share('blink')).toBeLessThan(0.06);
    expect(share('smile') + share('left')).toBeGreaterThan(0.1);
    expect(new Set(Array.from({ length: 500 }, (_, i) => frameAt(['rest'], i / 10, 1, STAGE)))).toEqual(
      new Set(['rest']),
    );
  });

  it('refuses a description of another form', () => {
    expect(demoSchema.safeParse({ ...demo, version: 2 }).success).toBe(false);
    expect(demoSchema.safeParse({ ...demo, script: [] }).success).toBe(false);
  });
});
