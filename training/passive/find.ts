import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import type { Pyramid } from '@rounz/core/face/pyramid.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { ComposedFrame } from './compose.ts';
import { COMPOSED, FACE_MIDDLE, HEAD_EYES } from './config.ts';
import { type HeadView, headPicture, viewKey } from './people.ts';

/** Finds the face that a composed frame is about; undefined where the detector does not see it there. */
export type FaceFinder = (image: Pyramid, composed: ComposedFrame) => Promise<DetectedFace | undefined>;

/**
 * The kiosk's detector on composed frames. It is told where the face is and follows it there, as from one camera frame to the
 * next, which costs a third of a search; where it does not see it so, it searches.
 */
export function createFinder(detector: FaceDetector): FaceFinder {
  const known = new Map<string, DetectedFace | null>();

  async function faceOf(view: HeadView): Promise<DetectedFace | null> {
    const key = viewKey(view);
    let face = known.get(key);
    if (face === undefined) {
      [face = null] = await detector.detect(onGrey(await headPicture(view)));
      known.set(key, face);
    }
    return face;
  }

  return async (image, composed) => {
    const { x, y, eyes, head } = composed;
    const model = await faceOf(head);
    const previous = model ? [moved(model, composed)] : [];
    const faces = await detector.detect(image, { previous });
    return faces.find(({ points }) => {
      const scale = interEyeDistance(points) / eyes;
      return Math.hypot(points[2].x - x, points[2].y - y) < 1.2 * eyes && scale > 0.6 && scale < 1.5;
    });
  };
}

/** The face of a cut-out where it lies in the frame, as if its picture were not turned. */
function moved(face: DetectedFace, { x, y, eyes }: ComposedFrame): DetectedFace {
  const { size } = COMPOSED.head;
  const scale = eyes / (HEAD_EYES.distance * size);
  const middle = { x: size / 2, y: size * (HEAD_EYES.top + FACE_MIDDLE * HEAD_EYES.distance) };
  const mesh = face.mesh.map((value, i) =>
    i % 3 === 0
      ? x + (value - middle.x) * scale
      : i % 3 === 1
        ? y + (value - middle.y) * scale
        : value * scale,
  );
  return { ...face, mesh };
}

function onGrey({ data, width, height }: RgbaImage): RgbaImage {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]! / 255;
    for (let channel = 0; channel < 3; channel++)
      out[i + channel] = data[i + channel]! * alpha + 160 * (1 - alpha);
    out[i + 3] = 255;
  }
  return { data: out, width, height };
}
