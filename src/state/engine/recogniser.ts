import type { Decision } from '@rounz/core/match/decide.ts';
import { fuse, qualityWeight } from '@rounz/core/match/fuse.ts';
import type { Candidate, MatchTemplate } from '@rounz/core/match/gallery.ts';
import type { Sample } from '../session/evidence.ts';

/** What of the gallery's matcher is asked here. */
export interface Identifier {
  identify(probe: MatchTemplate, without?: readonly string[]): Decision;
  alreadyEnrolled(probe: MatchTemplate): Candidate | null;
}

/** The probe of several frames: weighted by their quality and fused. */
export function probeOf(samples: readonly Sample[], modelHash: string): MatchTemplate {
  const frames = samples.map(({ embedding, quality }) => ({ embedding, weight: qualityWeight(quality) }));
  return { embedding: fuse(frames, frames.length), modelHash };
}

/** The id of whom the frames show, or null: nobody whom the kiosk knows. `disowned` people are left out. */
export function identify(
  matcher: Identifier,
  samples: readonly Sample[],
  disowned: readonly string[],
  modelHash: string,
): string | null {
  const decision = matcher.identify(probeOf(samples, modelHash), disowned);
  return decision.kind === 'known' ? decision.personId : null;
}

/** The id as whom this face is enrolled already. */
export const alreadyEnrolled = (
  matcher: Identifier,
  samples: readonly Sample[],
  modelHash: string,
): string | null => matcher.alreadyEnrolled(probeOf(samples, modelHash))?.personId ?? null;
