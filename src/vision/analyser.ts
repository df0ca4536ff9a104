import { type AnalysedFace, analyseFaces } from '@rounz/core/face/analyse.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { QUALITY, type QualityContext, qualityIssues } from '@rounz/core/face/issues.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { FaceModel, Seen } from '@rounz/core/model/embedder.ts';
import { lookOf } from '@rounz/core/picture-look.ts';
import { type ImageBox, imageBox } from '@rounz/core/units.ts';
import { agreedFirst } from './agreed.ts';
import type { VisionConfig } from './config.ts';
import type { AnalyseOptions, FaceReport, FrameReport } from './protocol.ts';
import { createTurnWatch } from './turned.ts';

export interface AnalyserParts {
  readonly detector: FaceDetector;
  readonly embedder: Pick<FaceModel, 'see'>;
  readonly config: Pick<
    VisionConfig,
    'lookAgainAfter' | 'minMeshScore' | 'lookEvery' | 'turnEvery' | 'turnEveryUpright'
  >;
  /** milliseconds, monotonic */
  readonly now: () => number;
}

export interface Analyser {
  /** Leaves no tensor behind. */
  analyse(image: RgbaImage, options: Pick<AnalyseOptions, 'embed' | 'agreed'>): Promise<FrameReport>;
}

/** Smallest box around the mesh, in pixels of the picture. */
function meshBox(mesh: Float32Array): ImageBox {
  let [left, top, right, bottom] = [mesh[0]!, mesh[1]!, mesh[0]!, mesh[1]!];
  for (let i = 3; i < mesh.length; i += 3) {
    left = Math.min(left, mesh[i]!);
    right = Math.max(right, mesh[i]!);
    top = Math.min(top, mesh[i + 1]!);
    bottom = Math.max(bottom, mesh[i + 1]!);
  }
  return imageBox(left, top, right - left, bottom - top);
}

/** A report with what the model made of the face: whoever wears something is not to be enrolled so. */
function withSeen(report: FaceReport, { embedding, worn }: Seen): FaceReport {
  if (!worn) return { ...report, embedding };
  const others = report.enrolmentIssues.filter((issue) => issue !== 'covered');
  const enrolmentIssues = worn.length > 0 ? [...others, 'covered' as const] : report.enrolmentIssues;
  return { ...report, embedding, worn, enrolmentIssues };
}

/** Detects, follows, measures and embeds, frame by frame. Holds the faces of the frame before and nothing else. */
export function createAnalyser({ detector, embedder, config, now }: AnalyserParts): Analyser {
  let previous: readonly DetectedFace[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let picturedAt = Number.NEGATIVE_INFINITY;
  const turns = createTurnWatch(detector, config, now);

  /** What the whole picture shows beside its faces: a look now and then, and how it is turned. */
  async function pictured(
    image: RgbaImage,
    nearest: AnalysedFace | undefined,
  ): Promise<Pick<FrameReport, 'look' | 'turned'>> {
    const at = now();
    if (at - picturedAt < config.lookEvery) return {};
    picturedAt = at;
    const turned = await turns.look(image, nearest?.quality.pose.roll);
    return { look: lookOf(image), ...(turned === undefined ? {} : { turned }) };
  }

  async function findFaces(image: RgbaImage): Promise<readonly DetectedFace[]> {
    const at = now();
    const follow = previous.length > 0 && at - lookedAt < config.lookAgainAfter;
    if (!follow) lookedAt = at;
    previous = await detector.detect(image, follow ? { previous } : {});
    return previous;
  }

  function report(one: AnalysedFace, image: RgbaImage, faces: readonly DetectedFace[]): FaceReport {
    const { face, quality } = one;
    const context: Omit<QualityContext, 'strict'> = { frame: image, faces };
    return {
      // Followed faces have no box of blazeface, and the box must not jump between looking and following.
      box: face.meshScore >= config.minMeshScore ? meshBox(face.mesh) : face.box,
      points: face.points,
      quality,
      issues: qualityIssues(face, quality, QUALITY, { ...context, strict: false }),
      enrolmentIssues: qualityIssues(face, quality, QUALITY, { ...context, strict: true }),
    };
  }

  return {
    async analyse(image, { embed, agreed }) {
      const from = now();
      const faces = await findFaces(image);
      const analysed = analyseFaces(image, faces);
      const found = analysed.map((one) => report(one, image, faces));
      const { order, may } = agreedFirst(found, agreed);
      const reports = order.map((index) => found[index]!);
      const detected = now();
      const served = reports[0];
      if (embed && may && served && served.issues.length === 0) {
        const [seen] = await embedder.see([analysed[order[0]!]!.crop]);
        if (seen) reports[0] = withSeen(served, seen);
      }
      const done = now();
      const whole = await pictured(image, analysed[0]);
      const embedded = reports[0]?.embedding ? done - detected : 0;
      return {
        width: image.width,
        height: image.height,
        ...whole,
        faces: reports,
        timings: { detect: detected - from, embed: embedded, total: done - from },
      };
    },
  };
}
