import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { upsideDown } from '@rounz/core/picture-look.ts';
import { degrees, type Radians } from '@rounz/core/units.ts';
import type { VisionConfig } from './config.ts';
import type { Turn } from './protocol.ts';

/** How much more certain a face has to be the other way up, blazeface's score. Rendered faces differ by 0.07 to 0.2. */
const LEAD = 0.04;
/** roll from which a face lies on its side, and to which it stands */
const LYING = degrees(60);
const UPRIGHT = degrees(30);

export interface TurnWatch {
  /**
   * How the stream is turned by what this frame shows; undefined where it shows nothing of that. Now and then it runs
   * the detector twice more, because the mesh of a face that is upside down reads as upright.
   *
   * @param roll of the nearest face; undefined where there is none
   */
  look(image: RgbaImage, roll: Radians | undefined): Promise<Turn | undefined>;
}

const certainty = (faces: readonly DetectedFace[], minMeshScore: number): number =>
  Math.max(0, ...faces.filter(({ meshScore }) => meshScore >= minMeshScore).map(({ boxScore }) => boxScore));

export function createTurnWatch(
  detector: FaceDetector,
  config: Pick<VisionConfig, 'turnEvery' | 'turnEveryUpright' | 'minMeshScore'>,
  now: () => number,
): TurnWatch {
  let nextAt = now() + config.turnEvery;
  let standing: Turn | undefined;

  /** Which way up faces are more certain. */
  async function compare(image: RgbaImage): Promise<Turn | undefined> {
    const upright = certainty(await detector.detect(image), config.minMeshScore);
    const turned = certainty(await detector.detect(upsideDown(image)), config.minMeshScore);
    if (turned > upright + LEAD) return 180;
    return upright > turned + LEAD ? 0 : undefined;
  }

  return {
    async look(image, roll) {
      if (roll !== undefined && Math.abs(roll) >= LYING) return roll > 0 ? 90 : 270;
      const at = now();
      if (at >= nextAt) {
        standing = await compare(image);
        nextAt = at + (standing === 0 ? config.turnEveryUpright : config.turnEvery);
        return standing;
      }
      return roll !== undefined && Math.abs(roll) <= UPRIGHT ? standing : undefined;
    },
  };
}
