import type { Settings } from '@rounz/core/settings/settings.ts';

/** Which camera, and how its picture is turned upright. */
export type CameraChoice = Pick<Settings['camera'], 'label' | 'nth' | 'rotation'>;

/** A camera of this computer. */
export interface CameraOption {
  readonly label: string;
  /** which of those of that name, 0.. */
  readonly nth: number;
  /** false: an infrared sensor or a program's picture, which is taken only where staff choose it */
  readonly usual: boolean;
}

/** Why there is no picture. */
export type CameraProblem = 'no-camera' | 'permission-refused' | 'in-use' | 'lost' | 'unsupported';

export type CameraState =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'live'; readonly label: string; readonly width: number; readonly height: number }
  | { readonly kind: 'problem'; readonly problem: CameraProblem; readonly detail: string };

/** A source of frames: the real camera, or the demonstration's rendered people. */
export interface FrameSource {
  readonly state: CameraState;
  subscribe(listener: (state: CameraState) => void): () => void;
  /** Idempotent. Recovers by itself when a lost camera comes back. */
  start(): Promise<void>;
  stop(): void;
  /** Takes another camera, or turns its picture; at once where it runs. */
  use(choice: CameraChoice): void;
  /** Those that can be chosen; none before the permission was given, or where there is no choice. */
  list(): Promise<readonly CameraOption[]>;
  /** The picture for the live mirror (unmirrored; the page mirrors by CSS), until the result is called. */
  attach(video: HTMLVideoElement): () => void;
  /** The newest frame, or null where none is ready. The caller owns and closes it (the vision engine does). */
  grab(): Promise<ImageBitmap | null>;
}
