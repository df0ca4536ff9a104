import type { Polygon } from './raster.ts';

/**
 * The area that a pen of changing width leaves along a polyline. Closed lines give an outer and an inner polygon of
 * opposite winding, open lines one polygon with flat ends.
 * @param halfWidth pixels, for each point or one for all
 */
export function ribbon(points: Polygon, halfWidth: number | readonly number[], closed = false): Polygon[] {
  const count = points.length / 2;
  if (count < 2) return [];
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = closed ? (i + count - 1) % count : Math.max(0, i - 1);
    const after = closed ? (i + 1) % count : Math.min(count - 1, i + 1);
    const dx = points[after * 2]! - points[before * 2]!;
    const dy = points[after * 2 + 1]! - points[before * 2 + 1]!;
    const width = typeof halfWidth === 'number' ? halfWidth : halfWidth[i]!;
    const scale = width / (Math.hypot(dx, dy) || 1);
    left.push(points[i * 2]! + dy * scale, points[i * 2 + 1]! - dx * scale);
    right.push(points[i * 2]! - dy * scale, points[i * 2 + 1]! + dx * scale);
  }
  const back = reversed(right);
  return closed ? [left, back] : [[...left, ...back]];
}

export function reversed(points: Polygon): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i]!, points[i + 1]!);
  return out;
}

/** A smooth line through the points (uniform Catmull-Rom), `steps` pieces between two points. */
export function smooth(points: Polygon, steps: number, closed = false): number[] {
  const count = points.length / 2;
  const at = (i: number, axis: 0 | 1): number =>
    points[(closed ? (i + count) % count : Math.min(count - 1, Math.max(0, i))) * 2 + axis]!;
  const out: number[] = [];
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      for (const axis of [0, 1] as const) {
        const p0 = at(i - 1, axis);
        const p1 = at(i, axis);
        const p2 = at(i + 1, axis);
        const p3 = at(i + 2, axis);
        const cubic = 3 * (p1 - p2) + p3 - p0;
        out.push(p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * cubic)));
      }
    }
  }
  if (!closed) out.push(points[points.length - 2]!, points[points.length - 1]!);
  return out;
}

/** Regular star or polygon for logos; `inner` 1 gives a disc-like polygon. */
export function star(
  x: number,
  y: number,
  radius: number,
  tips: number,
  inner: number,
  turn: number,
): number[] {
  const out: number[] = [];
  for (let i = 0; i < tips * 2; i++) {
    const angle = turn + (i * Math.PI) / tips;
    const reach = i % 2 === 0 ? radius : radius * inner;
    out.push(x + Math.sin(angle) * reach, y - Math.cos(angle) * reach);
  }
  return out;
}

/** |x|^power with the sign of x: the superellipse's building block (Lamé curve). */
export const signedPower = (x: number, power: number): number => Math.sign(x) * Math.abs(x) ** power;

export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
