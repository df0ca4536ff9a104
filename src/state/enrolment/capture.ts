import type { QualityIssue } from '@rounz/core/face/face.ts';
import { cosineScore } from '@rounz/core/match/score.ts';
import type { Sample } from '../engine/recogniser.ts';
import type { Sight } from '../session/one-face.ts';
import type { EnrolmentConfig } from './config.ts';

/** What is wrong with the picture, in the order in which it is told. */
export type EnrolmentHint = QualityIssue | 'disagreeing';

/** Frames taken so far and what the person is being told. */
export interface Capture {
  readonly samples: readonly Sample[];
  /** frames refused since the last one that was taken, by reason */
  readonly refused: Readonly<Partial<Record<EnrolmentHint, number>>>;
  /** when a picture was last taken or a hint last shown, milliseconds; null before the first frame */
  readonly goodSince: number | null;
  /** the issue of the last frames, and since when (milliseconds) */
  readonly trouble: { readonly hint: EnrolmentHint; readonly since: number } | null;
  /** on the screen now, and since when */
  readonly shown: { readonly hint: EnrolmentHint; readonly since: number } | null;
  /** the person was told to take something off for so long that staff may say that they wear nothing */
  readonly mayConfirmBare: boolean;
  /** staff have said so: `covered` refuses no frame any more */
  readonly bareConfirmed: boolean;
}

export const emptyCapture: Capture = {
  samples: [],
  refused: {},
  goodSince: null,
  trouble: null,
  shown: null,
  mayConfirmBare: false,
  bareConfirmed: false,
};

/** Takes the staff's word for it that the face is bare. */
export const confirmBare = (capture: Capture): Capture =>
  capture.mayConfirmBare
    ? { ...capture, trouble: null, shown: null, mayConfirmBare: false, bareConfirmed: true }
    : capture;

/** Why this frame is refused, or null. Enrolment is strict, and its frames must show one person. */
export function refusal(sight: Sight, capture: Capture, config: EnrolmentConfig): EnrolmentHint | null {
  if (sight.kind === 'several') return 'several-faces';
  if (sight.kind === 'nobody') return 'no-face';
  const { face } = sight;
  const issue = face.enrolmentIssues.find((one) => !(one === 'covered' && capture.bareConfirmed));
  if (issue) return issue;
  const { embedding } = face;
  // The first frame of a face only tells where it is.
  if (!embedding) return 'no-face';
  const agrees = capture.samples.every(
    (sample) => cosineScore(sample.embedding, embedding) >= config.agreement,
  );
  return agrees ? null : 'disagreeing';
}

/**
 * Takes or refuses one frame. Reasons that change from frame to frame last too short to be told; where nothing is taken all the
 * same, the most frequent one is.
 */
export function offer(capture: Capture, sight: Sight, at: number, config: EnrolmentConfig): Capture {
  const next = judged(capture, sight, at, config);
  const calm = next.shown === null && next.samples.length <= capture.samples.length;
  if (!calm) {
    const taken = next.samples.length > capture.samples.length;
    return { ...next, goodSince: at, refused: taken ? {} : next.refused };
  }
  const goodSince = capture.goodSince ?? at;
  if (at - goodSince < config.goodAtMost) return { ...next, goodSince };
  return { ...next, goodSince: at, shown: { hint: mostRefused(next.refused), since: at } };
}

/** No frame was offered for as long as "good" may be said: the camera or the recogniser gives none. */
export const unseen = (capture: Capture, at: number): Capture =>
  capture.shown ? capture : { ...capture, goodSince: at, shown: { hint: 'no-face', since: at } };

function mostRefused(refused: Capture['refused']): EnrolmentHint {
  const [most] = Object.entries(refused).sort(([, a], [, b]) => b - a);
  return (most?.[0] as EnrolmentHint | undefined) ?? 'no-face';
}

function judged(capture: Capture, sight: Sight, at: number, config: EnrolmentConfig): Capture {
  const hint = refusal(sight, capture, config);
  if (hint) return refuse(capture, hint, at, config);
  const calm = { ...capture, trouble: null, shown: held(capture.shown, at, config) };
  const last = capture.samples.at(-1);
  if (last && at - last.at < config.spacing) return calm;
  const { face } = sight as Extract<Sight, { kind: 'one' }>;
  const sample: Sample = { embedding: face.embedding!, quality: face.quality, at };
  return { ...calm, shown: null, samples: [...capture.samples, sample] };
}

/** A frame that disagrees may belong to somebody else, and so may those before it: all are taken anew. */
function refuse(capture: Capture, hint: EnrolmentHint, at: number, config: EnrolmentConfig): Capture {
  const since = capture.trouble?.hint === hint ? capture.trouble.since : at;
  const due = hint === 'disagreeing' || at - since >= config.hintAfter;
  const still = held(capture.shown, at, config);
  const bareMayBeConfirmed = hint === 'covered' && at - since >= config.confirmBareAfter;
  return {
    ...capture,
    mayConfirmBare: capture.mayConfirmBare || bareMayBeConfirmed,
    samples: hint === 'disagreeing' ? [] : capture.samples,
    refused: { ...capture.refused, [hint]: (capture.refused[hint] ?? 0) + 1 },
    trouble: { hint, since },
    shown: still ?? (due ? (capture.shown?.hint === hint ? capture.shown : { hint, since: at }) : null),
  };
}

/** A hint on the screen stays long enough to be read. */
const held = (shown: Capture['shown'], at: number, config: EnrolmentConfig): Capture['shown'] =>
  shown && at - shown.since < config.hintHold ? shown : null;
