import type { FaceArea, FaceReport } from './protocol.ts';

/** Whether the face's centre lies in the area. */
const inArea = ({ x, y, reach }: FaceArea, { box }: Pick<FaceReport, 'box'>): boolean =>
  Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) <= reach;

/**
 * The order of a frame's faces when one of them alone may be looked at: the nearest of those in the area first, the others behind
 * it in their order. `may`: whether there is one. Without an area the nearest face may.
 */
export function agreedFirst(
  faces: readonly Pick<FaceReport, 'box'>[],
  area: FaceArea | undefined,
): { readonly order: readonly number[]; readonly may: boolean } {
  const all = faces.map((_, index) => index);
  if (!area) return { order: all, may: faces.length > 0 };
  const first = faces.findIndex((face) => inArea(area, face));
  if (first < 0) return { order: all, may: false };
  return { order: [first, ...all.filter((index) => index !== first)], may: true };
}
