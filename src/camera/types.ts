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
  /** The picture for the live mirror (unmirrored; the page mirrors by CSS). */
  attach(video: HTMLVideoElement): void;
  /** The newest frame, or null where none is ready. The caller owns and closes it (the vision engine does). */
  grab(): Promise<ImageBitmap | null>;
}
