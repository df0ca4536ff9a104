import type { QualityIssue } from '@rounz/core/face/face.ts';
import { cosineScore } from '@rounz/core/match/score.ts';
import type { FrameReport } from '../../vision/protocol.ts';
import type { Sample } from '../engine/recogniser.ts';
import type { EnrolmentConfig } from './config.ts';

/** What is wrong with the picture, in the order in which it is told. */
export type EnrolmentHint = QualityIssue | 'disagreeing';

/** Frames taken so far and what the person is being told. */
export interface Capture {
  readonly samples: readonly Sample[];
  /** frames refused so far, by reason: for the staff's summary */
  readonly refused: Readonly<Partial<Record<EnrolmentHint, number>>>;
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
export function refusal(
  report: FrameReport,
  capture: Capture,
  config: EnrolmentConfig,
): EnrolmentHint | null {
  const face = report.faces[0];
  if (!face) return 'no-face';
  const issue = face.enrolmentIssues.find((one) => !(one === 'covered' && capture.bareConfirmed));
  if (issue) return issue;
  const { embedding } = face;
  if (!embedding) return 'no-face';
  const agrees = capture.samples.every(
    (sample) => cosineScore(sample.embedding, embedding) >= config.agreement,
  );
  return agrees ? null : 'disagreeing';
}

/** Takes or refuses one frame. */
export function offer(capture: Capture, report: FrameReport, at: number, config: EnrolmentConfig): Capture {
  const hint = refusal(report, capture, config);
  if (hint) return refuse(capture, hint, at, config);
  const calm = { ...capture, trouble: null, shown: held(capture.shown, at, config) };
  const last = capture.samples.at(-1);
  if (last && at - last.at < config.spacing) return calm;
  const face = report.faces[0]!;
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
