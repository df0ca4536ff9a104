import { type AnalysedFace, analyseFaces } from '@rounz/core/face/analyse.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { QUALITY, type QualityContext, qualityIssues } from '@rounz/core/face/issues.ts';
import { buildPyramid, type Pyramid } from '@rounz/core/face/pyramid.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import type { PassiveModel } from '@rounz/core/liveness/passive/model.ts';
import { passiveViews } from '@rounz/core/liveness/passive/views.ts';
import { facePointsOf } from '@rounz/core/liveness/points.ts';
import type { FaceModel } from '@rounz/core/model/embedder.ts';
import { lookOf } from '@rounz/core/picture-look.ts';
import { type ImageBox, imageBox } from '@rounz/core/units.ts';
import { agreedFirst } from './agreed.ts';
import type { VisionConfig } from './config.ts';
import { withSeen } from './face-report.ts';
import type { AnalyseOptions, Detection, EmbedGate, FaceReport, FrameReport } from './protocol.ts';
import { createTurnWatch } from './turned.ts';

export interface AnalyserParts {
  readonly detector: FaceDetector;
  /** null: another worker embeds the crops */
  readonly embedder: Pick<FaceModel, 'see'> | null;
  /** the passive check, while it is on; there is none where it is not given */
  readonly passive?: () => Pick<PassiveModel, 'score' | 'threshold'> | null;
  readonly config: Pick<
    VisionConfig,
    'lookAgainAfter' | 'minMeshScore' | 'lookEvery' | 'turnEvery' | 'turnEveryUpright'
  >;
  /** milliseconds, monotonic */
  readonly now: () => number;
}

export type AnalyserOptions = Pick<AnalyseOptions, 'embed' | 'gate' | 'agreed' | 'role'>;

export interface Analyser {
  /** Leaves no tensor behind. */
  analyse(image: RgbaImage, options: AnalyserOptions): Promise<Detection>;
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

/** Whether the face is worth an embedding: nobody would refuse it afterwards. */
function worthEmbedding(
  { issues, enrolmentIssues, quality }: FaceReport,
  { minEyeDistance = 0, forEnrolment = false }: EmbedGate = {},
): boolean {
  if (issues.length > 0 || quality.interEyeDistance < minEyeDistance) return false;
  return !forEnrolment || enrolmentIssues.every((issue) => issue === 'covered');
}

/** Detects, follows, measures and embeds, frame by frame. Holds the faces of the frame before and nothing else. */
export function createAnalyser({ detector, embedder, passive, config, now }: AnalyserParts): Analyser {
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

  async function findFaces(image: Pyramid): Promise<readonly DetectedFace[]> {
    const at = now();
    const follow = previous.length > 0 && at - lookedAt < config.lookAgainAfter;
    if (!follow) lookedAt = at;
    previous = await detector.detect(image, { previous, look: !follow });
    return previous;
  }

  function report(one: AnalysedFace, image: RgbaImage, faces: readonly DetectedFace[]): FaceReport {
    const { face, quality } = one;
    const context: Omit<QualityContext, 'strict'> = { frame: image, faces };
    return {
      // Followed faces have no box of blazeface, and the box must not jump between looking and following.
      box: face.meshScore >= config.minMeshScore ? meshBox(face.mesh) : face.box,
      points: face.points,
      landmarks: facePointsOf(face.mesh),
      quality,
      issues: qualityIssues(face, quality, QUALITY, { ...context, strict: false }),
      enrolmentIssues: qualityIssues(face, quality, QUALITY, { ...context, strict: true }),
    };
  }

  /** With the passive check's opinion, where it is on. */
  async function checked(report: FaceReport, image: Pyramid): Promise<FaceReport> {
    const model = passive?.();
    if (!model) return report;
    const score = await model.score(passiveViews(image, report.points));
    return { ...report, passive: score - model.threshold };
  }

  return {
    async analyse(image, { embed, gate, agreed, role = 'probe' }) {
      const from = now();
      const pyramid = buildPyramid(image);
      const faces = await findFaces(pyramid);
      const analysed = analyseFaces(pyramid, faces);
      const found = analysed.map((one) => report(one, image, faces));
      const { order, may } = agreedFirst(found, agreed);
      const reports = order.map((index) => found[index]!);
      const served = reports[0];
      const wanted = embed && may && served && worthEmbedding(served, gate);
      const crop = wanted ? analysed[order[0]!]!.crop : undefined;
      if (crop) reports[0] = await checked(served!, pyramid);
      const looked = now();
      if (crop && embedder) {
        const [seen] = await embedder.see([crop], role);
        if (seen) reports[0] = withSeen(reports[0]!, seen);
      }
      const done = now();
      // A face that is fit for an embedding says that the camera sees, and its verdict does not wait for more.
      const whole = crop ? {} : await pictured(image, analysed[0]);
      const embedded = reports[0]?.embedding ? done - looked : 0;
      return {
        width: image.width,
        height: image.height,
        ...whole,
        faces: reports,
        timings: { detect: looked - from, embed: embedded, total: done - from },
        ...(crop && !embedder ? { crop } : {}),
      };
    },
  };
}
