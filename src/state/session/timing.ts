/**
 * User Timing entries that the session writes, for measuring from outside: a `measure` named `TIMING.decision` from the frame
 * in which a face appeared to the moment the verdict was in the store; its `detail.outcome` is `greeted` or `unknown`. Only
 * the newest stays in the timeline: observe them with a `PerformanceObserver`. A `mark` named `TIMING.ready` says when the kiosk
 * was first ready to look.
 */
export const TIMING = { decision: 'rounz:decision', ready: 'rounz:ready' } as const;
