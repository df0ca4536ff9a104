/** Edges of the bins of the head's turn, degrees; the last bin has no upper end. */
export const YAW_EDGES = [0, 15, 30, 45] as const;

const degrees = (radians: number): number => Math.abs(radians) * (180 / Math.PI);

/** What the report calls each bin, nearest to frontal first. */
export const YAW_BINS: readonly string[] = YAW_EDGES.map((edge, i) =>
  YAW_EDGES[i + 1] === undefined ? `yaw ${edge}°+` : `yaw ${edge}-${YAW_EDGES[i + 1]}°`,
);

/** @param yaw radians, either sign; null where the head's turn is not known, as is then its bin */
export function yawBin(yaw: number | null | undefined): string | null {
  if (yaw === null || yaw === undefined) return null;
  return YAW_BINS[YAW_EDGES.findLastIndex((edge) => degrees(yaw) >= edge)]!;
}

/** The bin of a comparison: that of the picture turned further; null where either turn is not known. */
export function yawBinOfPair(
  one: number | null | undefined,
  other: number | null | undefined,
): string | null {
  if (one === null || one === undefined || other === null || other === undefined) return null;
  return yawBin(Math.max(Math.abs(one), Math.abs(other)));
}
