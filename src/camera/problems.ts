import { errorMessage } from '@rounz/core/error-message.ts';
import type { CameraProblem, CameraState } from './types.ts';

type Problem = Extract<CameraState, { kind: 'problem' }>;

const BY_NAME: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: 'permission-refused',
  NotFoundError: 'no-camera',
  OverconstrainedError: 'no-camera',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
  SecurityError: 'unsupported',
  TypeError: 'unsupported',
};

const ADVICE: Readonly<Record<CameraProblem, string>> = {
  'no-camera': 'No camera is connected. Plug one in; the kiosk takes it by itself.',
  'permission-refused':
    "The browser does not let the kiosk use the camera. Allow it in this site's settings.",
  'in-use':
    'The camera is there but gives no picture, as when another program uses it. Close that program; the kiosk tries again.',
  lost: 'The camera has stopped. Check its cable; the kiosk takes it back by itself.',
  unsupported: 'This page cannot use a camera at all. Open it over HTTPS or localhost in a current browser.',
};

/** What a failed `getUserMedia` means (Media Capture and Streams, section 10.2). */
export function problemOf(error: unknown): Problem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  return problem(BY_NAME[name] ?? 'lost', errorMessage(error));
}

/** @param cause the browser's message; empty where it gave none */
export function problem(kind: CameraProblem, cause = ''): Problem {
  return { kind: 'problem', problem: kind, detail: cause ? `${ADVICE[kind]} (${cause})` : ADVICE[kind] };
}

/** Whether a retry by itself may help. A refused permission is not asked for again. */
export const mayRecover = (kind: CameraProblem): boolean =>
  kind === 'no-camera' || kind === 'in-use' || kind === 'lost';
