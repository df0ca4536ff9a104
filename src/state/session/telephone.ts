import type { FaceReport } from '../../vision/protocol.ts';
import type { SessionConfig } from '../config.ts';
import { follow, miss, noEvidence, sameFace } from './model/track.ts';
import { lookup, type PhaseOf, stay } from './model/transitions.ts';
import type { SessionModel } from './model/types.ts';

/**
 * Faces before a page that was opened by telephone and PIN. Its visitor wants no template of their face, so nothing but
 * place and time tells whether it is still theirs: another face closes the page, and the PIN opens it again.
 */
export function facesBeforeTelephonePage(
  model: SessionModel,
  phase: PhaseOf<'page'>,
  faces: readonly [FaceReport, ...FaceReport[]],
  at: number,
  config: SessionConfig,
): SessionModel {
  const { evidence } = model;
  const visitor = faces.find((face) => sameFace(evidence, face, at, config));
  if (visitor) return { ...model, evidence: follow(evidence, visitor, at, config) };
  if (evidence.track === null) return firstFace(model, phase, faces[0], at, config);
  // Others are there, and the visitor is not found for a moment: they may have turned away.
  if (at - evidence.track.seenAt <= config.trackGap) return { ...model, evidence: miss(evidence) };
  const evidenceOfOther = follow(noEvidence, faces[0], at, config);
  return { ...model, phase: lookup(at, config, { kind: 'closed' }), evidence: evidenceOfOther };
}

/**
 * The first face that is seen at all: the visitor's where the screen was touched just now. Else it may be the next one's,
 * while the visitor was never before the camera; the page then warns and ends soon unless it is touched.
 */
function firstFace(
  model: SessionModel,
  phase: PhaseOf<'page'>,
  face: FaceReport,
  at: number,
  config: SessionConfig,
): SessionModel {
  const followed = { ...model, evidence: follow(noEvidence, face, at, config) };
  const idle = at - (phase.until - stay(phase.kind, config));
  if (idle <= config.greetedAbsence) return followed;
  return {
    ...followed,
    phase: { ...phase, until: Math.min(phase.until, at + config.warnBefore), warning: true },
  };
}
