/** The frame loop. All times in milliseconds. */
export interface PumpConfig {
  /** from one frame's start to the next while nobody is there; > 0. 120: a face is noticed within an eighth of a second */
  readonly restingInterval: number;
  /** the same while somebody is served; 0 is as fast as the engine goes. 30: leaves time for the interface on 2 cores */
  readonly servingInterval: number;
  /** the same while only presence matters (a greeted person reads); > 0 */
  readonly presenceInterval: number;
  /** wait after a frame that was not ready; > 0 */
  readonly emptyRetry: number;
}

export interface EngineConfig {
  /** lost GPUs in a row that are met by a silent restart; then the kiosk says that it is out of order */
  readonly maxRestarts: number;
  /** frames after a restart from which the GPU counts as steady again */
  readonly steadyAfter: number;
  /** failed analyses in a row after which the engine is held to be broken */
  readonly maxFailures: number;
  /** folder of the passive check, relative to the page */
  readonly passiveFolder: string;
}

/** The choice of a recogniser at set-up. */
export interface ModelChoiceConfig {
  /** longest decision of a model that is taken before those behind it, milliseconds. 1,500: what a shopper waits at most */
  readonly limit: number;
  /** decisions of which the median counts, odd; one more comes first and does not count */
  readonly repeats: number;
}

export interface HealthConfig {
  /** frames in the moving figures of the health view */
  readonly frameWindow: number;
  /** milliseconds between two looks at memory and storage while the health view is open */
  readonly poll: number;
}

export const pumpConfig: PumpConfig = {
  restingInterval: 120,
  servingInterval: 30,
  presenceInterval: 200,
  emptyRetry: 40,
};

export const engineConfig: EngineConfig = {
  maxRestarts: 3,
  steadyAfter: 300,
  maxFailures: 5,
  passiveFolder: 'models/rounz-passive-1.1.0/',
};

export const modelChoiceConfig: ModelChoiceConfig = { limit: 1_500, repeats: 3 };

export const healthConfig: HealthConfig = { frameWindow: 60, poll: 1_000 };
