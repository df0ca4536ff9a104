import type { FaceQuality, FivePoints, QualityIssue } from '@rounz/core/face/face.ts';
import type { AlignedCrop } from '@rounz/core/image.ts';
import type { FacePoints } from '@rounz/core/liveness/points.ts';
import type { Calibrated } from '@rounz/core/match/impostors.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { BackendRace } from '@rounz/core/model/backend-race.ts';
import type { EmbeddingRole, Seen } from '@rounz/core/model/embedder.ts';
import type { PictureLook } from '@rounz/core/picture-look.ts';
import type { ImageBox } from '@rounz/core/units.ts';

export type VisionBackend = 'webgpu' | 'wasm';

/** What a worker does: all of it, or one half while another worker does the other. */
export type VisionPart = 'whole' | 'detector' | 'embedder';

export interface VisionOptions {
  /** folder of the recogniser: manifest.json, shards, golden.json; absolute or relative to the page */
  readonly modelUrl: string;
  /** folder of the detector's two graph models */
  readonly detectorUrl: string;
  /** folder of the WASM binaries */
  readonly wasmUrl: string;
  /** for tests and support; otherwise the capabilities decide */
  readonly forceBackend?: VisionBackend;
  /** the GPU was lost before, and how: it is not chosen again. The client sets it by itself */
  readonly gpuLost?: string;
  /** the kiosk's build and the browser: after an update of either, backends are raced again */
  readonly program?: string;
  /** the last race; it is run again where model, GPU or program is another now */
  readonly raced?: BackendRace | null;
  /** folder of the passive check, where it is on. The client sets it by itself */
  readonly passiveUrl?: string;
  /** not sent to the worker: aborting ends the start and the worker */
  readonly signal?: AbortSignal;
}

/** What start-up reports, in this order; `done` and `total` in bytes for `download`, in steps otherwise. */
export interface VisionProgress {
  readonly stage: 'probe' | 'download' | 'warm-up';
  readonly done: number;
  readonly total: number;
}

/** With what the manifest says of the scores between strangers. */
export interface VisionReady extends Calibrated {
  readonly backend: VisionBackend;
  readonly modelName: string;
  readonly modelVersion: string;
  /** the model's identity, hex: what every template carries */
  readonly modelHash: string;
  /** why this backend, in one sentence for the staff's health view */
  readonly backendReason: string;
  /** the race that chose it; absent where there was none: the backend was asked for, or the GPU was lost before */
  readonly race?: BackendRace;
  /** 2: one detects while the other embeds */
  readonly workers: number;
}

/** One face of a frame. Coordinates are pixels of the frame as it was handed in (not mirrored). */
export interface FaceReport {
  readonly box: ImageBox;
  readonly points: FivePoints;
  /** the points by which a head is told from a picture */
  readonly landmarks: FacePoints;
  readonly quality: FaceQuality;
  /** what makes this face unfit for recognition, most important first; a covered face is fit */
  readonly issues: readonly QualityIssue[];
  /** what makes it unfit for enrolment, which is stricter and takes bare faces alone; most important first */
  readonly enrolmentIssues: readonly QualityIssue[];
  /** unit length, `embeddingSize` values; present only where it was asked for, on the nearest face, without `issues` */
  readonly embedding?: Float32Array;
  /** what the face wears; present with `embedding` where the model tells */
  readonly worn?: readonly Accessory[];
  /**
   * the passive check's log odds that this is a picture, above its threshold: 0 and more counts as a picture. Present only
   * where the check runs, on a face that is embedded
   */
  readonly passive?: number;
}

/** Whether the passive check runs. */
export type PassiveState =
  | { readonly kind: 'off' }
  /** `took`: milliseconds of a look, the fastest of some */
  | { readonly kind: 'ready'; readonly version: string; readonly took: number }
  /** `detail`: what happened and what to do */
  | { readonly kind: 'failed'; readonly detail: string };

/** By how many degrees, clockwise, a stream is turned. */
export type Turn = 0 | 90 | 180 | 270;

export interface FrameReport {
  readonly width: number;
  readonly height: number;
  /** the whole picture, about once a second */
  readonly look?: PictureLook;
  /** how the stream is turned, where this frame tells */
  readonly turned?: Turn;
  /** nearest (largest inter-eye distance) first, save for whoever `agreed`; empty when nobody is there */
  readonly faces: readonly FaceReport[];
  /** milliseconds */
  readonly timings: { readonly detect: number; readonly embed: number; readonly total: number };
}

/** A circle in pixels of the frame, around the face of somebody who agreed to be looked at. */
export interface FaceArea {
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

/** A face that would be refused afterwards is not embedded. */
export interface EmbedGate {
  /** pixels between the eyes */
  readonly minEyeDistance?: number;
  /** it must be fit for enrolment, but for a cover that only the model can tell */
  readonly forEnrolment?: boolean;
}

export interface AnalyseOptions {
  /** embed the nearest face (false: detection and quality only) */
  readonly embed: boolean;
  /** embed the nearest of the faces in here alone, which the report then names first; no other face is ever embedded */
  readonly agreed?: FaceArea | undefined;
  /** which faces are worth it, beside those without `issues` */
  readonly gate?: EmbedGate;
  /** what the embedding is for; absent: a probe */
  readonly role?: EmbeddingRole;
  /** not sent to the worker: told once the engine takes the next frame, before this one's report where it still embeds */
  readonly onFree?: () => void;
  /** not sent to the worker: aborting rejects the call; the current frame is still finished first */
  readonly signal?: AbortSignal;
}

/** The engine as the page calls it. Each method may reject with a `VisionError`. */
export interface VisionEngine {
  start(options: VisionOptions, onProgress: (progress: VisionProgress) => void): Promise<VisionReady>;
  /**
   * Takes ownership of `frame` and closes it on every path. One call at a time until it is free; an earlier one is refused.
   * Later frames may be answered before earlier ones.
   */
  analyse(frame: ImageBitmap | VideoFrame, options: AnalyseOptions): Promise<FrameReport>;
  /** Live tensors and bytes, for the health view and the leak test. */
  memory(): Promise<{ tensors: number; bytes: number }>;
  /** Replays the model's golden inputs on the running backend, between two frames. */
  selfTest(): Promise<GoldenReplay>;
  /**
   * Loads the passive check from a folder (absolute, or relative to the page) or drops it (null), between two frames. A worker
   * that is replaced later loads it again. Files that are missing or damaged do not stop the engine: faces have no `passive` then.
   */
  setPassive(folder: string | null): Promise<PassiveState>;
  dispose(): Promise<void>;
}

/** What was found in a frame. `crop`: the nearest face, where it is to be embedded by another worker. */
export interface Detection extends FrameReport {
  readonly crop?: AlignedCrop;
}

/** A worker as the page's end calls it. Each method may reject with a `VisionErrorShape`. */
export interface VisionWorker {
  /** @returns null of a worker that has no recogniser */
  start(
    options: VisionOptions & { readonly part: VisionPart },
    onProgress: (progress: VisionProgress) => void,
  ): Promise<Omit<VisionReady, 'workers'> | null>;
  /** Takes ownership of `frame`. */
  analyse(
    frame: ImageBitmap | VideoFrame,
    options: Omit<AnalyseOptions, 'signal' | 'onFree'>,
  ): Promise<Detection>;
  /** `took`: milliseconds */
  embed(crop: AlignedCrop, role: EmbeddingRole): Promise<Seen & { readonly took: number }>;
  memory(): Promise<{ tensors: number; bytes: number }>;
  selfTest(): Promise<GoldenReplay>;
  /** @param folder absolute; null: none */
  setPassive(folder: string | null): Promise<PassiveState>;
}

/** `worst`: largest difference of any value of an embedding, absolute; NaN where the backend computed no numbers. */
export interface GoldenReplay {
  readonly worst: number;
  readonly tolerance: number;
  readonly cases: number;
}

/** What can go wrong, by what the kiosk can do about it. Crosses the worker's boundary as a plain object. */
export type VisionErrorCode =
  | 'model-missing'
  | 'model-corrupt'
  | 'backend-unavailable'
  | 'gpu-lost'
  | 'busy'
  | 'cancelled'
  | 'internal';

export interface VisionErrorShape {
  readonly name: 'VisionError';
  readonly code: VisionErrorCode;
  /** what happened, what it means, what to do */
  readonly message: string;
}
