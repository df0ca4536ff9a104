/** The numbers of the vision engine. Times in milliseconds. */
export interface VisionConfig {
  /** embeddings of which the fastest counts when backends are raced; the golden embeddings warm up */
  readonly raceRepeats: number;
  /** numbers of threads that WASM is raced with where the processor has as many */
  readonly raceThreads: readonly number[];
  /** milliseconds of an embedding that several threads have to save: they take a processor from detector and screen */
  readonly raceHandicap: number;
  /** threads that need longer to come up are given up */
  readonly threadsTimeout: number;
  /** replays of its golden scores when the passive check comes up; the first compiles, the fastest is told */
  readonly passiveRepeats: number;
  /** followed faces are checked against a look at the whole picture when the last one is older than this */
  readonly lookAgainAfter: number;
  /** mesh confidence from which the reported box is the mesh's own, 0..1 */
  readonly minMeshScore: number;
  /** the whole picture is looked at every so often */
  readonly lookEvery: number;
  /** time between two checks of which way up faces are, and the same once they were upright */
  readonly turnEvery: number;
  readonly turnEveryUpright: number;
  /** files fetched at a time, 1.. */
  readonly parallelDownloads: number;
  /** an analysis that takes longer has hung: the worker is replaced, and the next one gets twice the time */
  readonly analyseTimeout: number;
  /** a start that tells of no progress for longer has hung */
  readonly startSilence: number;
  /** a machine that needs longer for each frame has this many times its last analysis instead, > 1 */
  readonly analyseSlack: number;
  /** crashes in a row after which the client stops to replace the worker by itself */
  readonly maxRestarts: number;
}

/**
 * `lookAgainAfter`: a second person is noticed within half a second, and following costs one mesh pass where looking costs
 * blazeface and two.
 */
export const VISION: VisionConfig = {
  raceRepeats: 3,
  raceThreads: [2, 4],
  raceHandicap: 20,
  threadsTimeout: 30_000,
  passiveRepeats: 3,
  lookAgainAfter: 500,
  minMeshScore: 0.5,
  lookEvery: 1_000,
  turnEvery: 5_000,
  turnEveryUpright: 60_000,
  parallelDownloads: 4,
  analyseTimeout: 20_000,
  startSilence: 120_000,
  analyseSlack: 3,
  maxRestarts: 3,
};
