import type { AlignedCrop } from '../image.ts';
import type { FaceCover } from './face.ts';
import { lumaOf, type MeanColour, meanColour } from './region.ts';

/** Outlines of mesh points; each pair is the subject's right and left. */
export const COVER_REGIONS = {
  eyes: [
    [226, 31, 228, 229, 230, 231, 232, 233, 244, 189, 221, 222, 223, 224, 225, 113],
    [446, 261, 448, 449, 450, 451, 452, 453, 464, 413, 441, 442, 443, 444, 445, 342],
  ],
  cheeks: [
    [117, 118, 50, 205, 187, 123],
    [346, 347, 280, 425, 411, 352],
  ],
  forehead: [[108, 151, 337, 336, 9, 107]],
  underEyes: [
    [111, 117, 118, 101, 100, 120, 230, 229, 228],
    [340, 346, 347, 330, 329, 349, 450, 449, 448],
  ],
  mouth: [[2, 327, 426, 436, 432, 422, 424, 418, 199, 194, 204, 202, 212, 216, 206, 98]],
} as const;

/**
 * How much the colours of eyes and mouth differ from this person's skin. Only a hint: it sees dark lenses and
 * masks of another colour than the skin; it doesn't see clear glasses.
 */
export function measureCover(crop: AlignedCrop, cropMesh: Float32Array): FaceCover {
  const colour = (region: keyof typeof COVER_REGIONS) => meanColour(crop, cropMesh, COVER_REGIONS[region]);
  const [eyes, cheeks, forehead, mouth] = (['eyes', 'cheeks', 'forehead', 'mouth'] as const).map(colour);
  const underEyes = colour('underEyes');
  return {
    eyeDarkness: eyes && cheeks ? Math.log((lumaOf(cheeks) + 8) / (lumaOf(eyes) + 8)) : 0,
    mouthColour: mouth && underEyes && forehead ? colourDistance(mouth, underEyes, forehead) : 0,
  };
}

/** Distance of chromaticities from the nearer of two references, 0..1. */
function colourDistance(colour: MeanColour, ...references: readonly MeanColour[]): number {
  const [r, g] = chromaticity(colour);
  return Math.min(...references.map(chromaticity).map(([r0, g0]) => Math.hypot(r - r0, g - g0)));
}

function chromaticity({ red, green, blue }: MeanColour): readonly [number, number] {
  const sum = red + green + blue + 12;
  return [(red + 4) / sum, (green + 4) / sum];
}
