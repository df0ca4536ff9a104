import type { ImageBox } from '@rounz/core/units.ts';

/** A circle in CSS pixels of the mirror's own box. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The mark's radius in units of the box's longer side: a little wider than the face. */
const MARK_SHARE = 0.62;

/**
 * Where a face of the frame appears in the mirror. The picture covers the mirror (`object-fit: cover`, centred).
 *
 * @param flipped the picture's left is drawn on the right, as a mirror does
 */
export function spotInMirror(box: ImageBox, frame: Size, mirror: Size, flipped = true): Spot {
  const scale = Math.max(mirror.width / frame.width, mirror.height / frame.height);
  const left = (mirror.width - frame.width * scale) / 2;
  const top = (mirror.height - frame.height * scale) / 2;
  const x = left + (box.x + box.width / 2) * scale;
  return {
    x: flipped ? mirror.width - x : x,
    y: top + (box.y + box.height / 2) * scale,
    radius: Math.max(box.width, box.height) * scale * MARK_SHARE,
  };
}
