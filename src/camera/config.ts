/** How the camera is opened and watched. Times in milliseconds. */
export interface CameraConfig {
  /** preferred size and rate; a camera with other sizes is accepted. Pixels, frames a second */
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** frames wider than this are shrunk before they are analysed, pixels */
  readonly maxWidth: number;
  /** first wait before a lost or busy camera is tried again; doubles each time */
  readonly retryAfter: number;
  readonly retryAtMost: number;
  /** a camera that is muted (its cable, another program) for longer is lost */
  readonly muteGrace: number;
  /** a live camera that gives no new frame for longer, while the page is seen, is lost */
  readonly stallAfter: number;
  /** longest wait for the first frame of an opened camera */
  readonly firstFrameWithin: number;
  /** longest wait for the browser's answer, which may have to ask a person for the permission first; below the repair's minute, or
   * each of its tries would begin the wait anew */
  readonly answerWithin: number;
}

/**
 * 640x480: blazeface sees 256 pixels and the recogniser 112, which a face 2 m away (30 pixels between the eyes) still
 * fills by half, while 1280x720 triples the cost of every copy and readback.
 */
export const CAMERA: CameraConfig = {
  width: 640,
  height: 480,
  frameRate: 30,
  maxWidth: 960,
  retryAfter: 1_000,
  retryAtMost: 15_000,
  muteGrace: 2_000,
  stallAfter: 4_000,
  firstFrameWithin: 8_000,
  answerWithin: 45_000,
};
