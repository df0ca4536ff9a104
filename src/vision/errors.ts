import { errorMessage } from '@rounz/core/error-message.ts';
import type { VisionErrorCode, VisionErrorShape } from './protocol.ts';

const CODES: readonly VisionErrorCode[] = [
  'model-missing',
  'model-corrupt',
  'backend-unavailable',
  'gpu-lost',
  'busy',
  'cancelled',
  'internal',
];

/** What went wrong in the vision engine, by what the kiosk can do about it. */
export class VisionError extends Error implements VisionErrorShape {
  override readonly name = 'VisionError';
  readonly code: VisionErrorCode;

  /** @param message what happened, what it means, what to do */
  constructor(code: VisionErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const isShape = (error: unknown): error is VisionErrorShape =>
  typeof error === 'object' &&
  error !== null &&
  (error as VisionErrorShape).name === 'VisionError' &&
  CODES.includes((error as VisionErrorShape).code);

/** Any error as a `VisionError`, also one that crossed the worker's boundary and lost its class. */
export function visionError(error: unknown): VisionError {
  if (error instanceof VisionError) return error;
  if (isShape(error)) return new VisionError(error.code, error.message);
  return new VisionError(
    'internal',
    `The vision engine failed unexpectedly (${errorMessage(error)}). The kiosk starts it again; if this repeats, reload the page.`,
    error,
  );
}

/** As a plain object: structured clone keeps an `Error`'s message, but not its code. */
export function errorShape(error: unknown): VisionErrorShape {
  const { name, code, message } = visionError(error);
  return { name, code, message };
}
