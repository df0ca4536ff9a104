const off = { enabled: false } as const;

/**
 * The parts of human (`@vladmandic/human`) that a recogniser needs, in the browser's bench and in Node's evaluation: its other
 * models are off, and no frame's embedding is taken from the one before.
 */
export const HUMAN_OPTIONS = {
  backend: 'wasm',
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: off,
  segmentation: off,
  face: {
    enabled: true,
    iris: off,
    emotion: off,
    antispoof: off,
    liveness: off,
    description: { enabled: true, skipFrames: 0, skipTime: 0 },
  },
} as const;
