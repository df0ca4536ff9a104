import type { CameraState, FrameSource } from './types.ts';

export interface StateHolder extends Pick<FrameSource, 'subscribe'> {
  get(): CameraState;
  set(state: CameraState): void;
}

/** A camera's state and its subscribers. */
export function holdState(): StateHolder {
  let state: CameraState = { kind: 'off' };
  const listeners = new Set<(state: CameraState) => void>();
  return {
    get: () => state,
    set(next) {
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
