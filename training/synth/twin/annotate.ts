import type { PlanePoint } from '@rounz/core/face/transform.ts';
import type { LabelledRng } from '../labelled-rng.ts';
import type { Vec3 } from '../math.ts';
import { EXPRESSIONS } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { placePoint, type RenderOptions } from '../render/render.ts';
import { headOf } from '../render/scene.ts';

/** Turns from which the far ear and the far eye are hidden, degrees. */
const HIDDEN = { ear: 45, eye: 75 } as const;

/** Half sizes of the boxes, units of 100 mm: eye, nose, mouth, ear, and the face about the nose. */
const BOXES = {
  eye: [0.2, 0.12],
  nose: [0.2, 0.28],
  mouth: [0.3, 0.14],
  ear: [0.14, 0.32],
  face: [0.75, 1],
} as const;

/** What parts the numbers of a line: K-FACE's files do not agree. */
const SEPARATORS = [' ', '\t', ',', ';', ', '] as const;

interface Mark {
  readonly point: PlanePoint;
  readonly box: readonly [number, number];
}

/** Where eyes, nose, mouth and ears of a person at rest are, in head space; x to the picture's right. */
function marksOf(identity: Identity): Record<'nose' | 'eye' | 'mouth' | 'ear', (side: 1 | -1) => Vec3> {
  const { shape } = identity;
  const head = headOf(identity, EXPRESSIONS.neutral);
  const eyeY = (shape.eyeOpen - shape.eyeDrop) / 2;
  const mouthY = head.marks.mouthY + 0.06 * EXPRESSIONS.neutral.smile;
  const tip = Array.from({ length: 24 }, (_, i) => shape.noseY + (i / 24) * (-0.1 - shape.noseY))
    .map((y): Vec3 => [0, y, head.frontZ(0, y)])
    .reduce((best, point) => (point[2] > best[2] ? point : best));
  return {
    nose: () => tip,
    eye: (side) => [side * shape.eyeX, eyeY, head.frontZ(shape.eyeX, eyeY)],
    mouth: (side) => [side * head.marks.mouthWidth, mouthY, head.frontZ(head.marks.mouthWidth, mouthY)],
    ear: (side) => [side * head.radius.towards(side, -0.13, -0.06), -0.13, -0.06],
  };
}

/**
 * The annotation of a person before a camera in the manner of K-FACE's files: points, then boxes; what the turn hides is
 * left out. Pixels of the picture that `options` draw.
 */
export function annotate(identity: Identity, options: RenderOptions, rng: LabelledRng): string {
  const marks = marksOf(identity);
  const { yaw } = options.pose;
  const unit = options.height / options.span;
  // The head turned to the picture's right hides the half at the picture's right.
  const far = yaw > 0 ? 1 : -1;
  const seen = (what: 'ear' | 'eye', side: 1 | -1) => side !== far || Math.abs(yaw) < HIDDEN[what];
  const mark = (what: keyof typeof marks, side: 1 | -1): Mark => ({
    point: placePoint(marks[what](side), options),
    box: BOXES[what],
  });
  const sides = [-1, 1] as const;
  const nose = mark('nose', 1);
  const eyes = sides.filter((side) => seen('eye', side)).map((side) => mark('eye', side));
  const mouth = sides.map((side) => mark('mouth', side));
  const ears = sides.filter((side) => seen('ear', side)).map((side) => mark('ear', side));
  const lips = { x: (mouth[0]!.point.x + mouth[1]!.point.x) / 2, y: mouth[0]!.point.y };
  const boxes = [
    { point: nose.point, box: BOXES.face },
    ...eyes,
    nose,
    { point: lips, box: BOXES.mouth },
    ...ears,
  ].map(({ point: { x, y }, box: [w, h] }) => [x - w * unit, y - h * unit, 2 * w * unit, 2 * h * unit]);
  const points = [nose, ...eyes, ...mouth, ...ears].map(({ point: { x, y } }) => [x, y]);
  const separator = rng.pick(SEPARATORS);
  const lines = [...points, ...boxes].map((line) => line.map((value) => value.toFixed(1)).join(separator));
  return `${lines.join('\n')}\n`;
}
