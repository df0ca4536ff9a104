import type { QualityIssue } from '@rounz/core/face/face.ts';
import { qualityWeight } from '@rounz/core/match/fuse.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { FaceReport } from '../../../vision/protocol.ts';
import type { SessionConfig } from '../../config.ts';
import type { Sample, Verdict } from '../../engine/recogniser.ts';

/** The served face as followed from frame to frame. Pixels of the frame; milliseconds. */
interface Track {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly seenAt: number;
  /** a later frame showed nobody. Slow frames alone are no absence: between two of them seconds may pass */
  readonly missed: boolean;
}

/** What is known about the one who stands there. Frames of two people are never mixed: a broken track starts anew. */
export interface Evidence {
  /** when this face appeared near enough, or null where nobody has been seen */
  readonly since: number | null;
  readonly track: Track | null;
  readonly samples: readonly Sample[];
  /** good frames since the face appeared, also those that have left the window */
  readonly taken: number;
  /** the newest verdict and how often in a row it was given */
  readonly streak: { readonly verdict: Verdict; readonly count: number } | null;
  /** what the face wore in the newest frame that was embedded */
  readonly worn: readonly Accessory[];
  /** the issue that the last frames had, and since when */
  readonly trouble: { readonly issue: QualityIssue; readonly since: number } | null;
}

export const noEvidence: Evidence = {
  since: null,
  track: null,
  samples: [],
  taken: 0,
  streak: null,
  worn: [],
  trouble: null,
};

/**
 * Milliseconds for which the face has been away: 0 while the last frame showed it, infinite where there was none. A camera
 * that shows nothing for `blindness` counts as an empty one.
 */
export function absence({ track }: Evidence, at: number, config: SessionConfig): number {
  if (!track) return Number.POSITIVE_INFINITY;
  const passed = at - track.seenAt;
  return track.missed || passed > config.blindness ? passed : 0;
}

/** Notes that a frame showed nobody. */
export const miss = (evidence: Evidence): Evidence =>
  evidence.track && !evidence.track.missed
    ? { ...evidence, track: { ...evidence.track, missed: true } }
    : evidence;

function centre(face: FaceReport): { x: number; y: number } {
  return { x: face.box.x + face.box.width / 2, y: face.box.y + face.box.height / 2 };
}

/** Whether `face` continues the track: not away for too long and not further than a face could move. */
export function sameFace(evidence: Evidence, face: FaceReport, at: number, config: SessionConfig): boolean {
  const { track } = evidence;
  if (!track) return false;
  if (absence(evidence, at, config) > config.trackGap) return false;
  const { x, y } = centre(face);
  const reach = config.trackJump * Math.max(track.width, face.box.width);
  return Math.hypot(x - track.x, y - track.y) <= reach;
}

/** Follows the served face: keeps what was gathered where it is the same face, else starts anew. */
export function follow(evidence: Evidence, face: FaceReport, at: number, config: SessionConfig): Evidence {
  const track: Track = { ...centre(face), width: face.box.width, seenAt: at, missed: false };
  if (sameFace(evidence, face, at, config)) return { ...evidence, track };
  return { ...noEvidence, since: at, track };
}

/** The issue for which this frame cannot be used for recognition, or null where it can. */
export function blockingIssue(face: FaceReport, config: SessionConfig): QualityIssue | null {
  if (face.quality.interEyeDistance < config.minEyeDistance) return 'too-far';
  return face.issues[0] ?? null;
}

/** Adds the frame's embedding, or notes why it was refused. */
export function gather(evidence: Evidence, face: FaceReport, at: number, config: SessionConfig): Evidence {
  const issue = blockingIssue(face, config);
  if (issue) {
    const since = evidence.trouble?.issue === issue ? evidence.trouble.since : at;
    // The patience begins when they are near: somebody far off is asked to come closer for as long as they stay.
    const near = issue === 'too-far' ? at : evidence.since;
    return { ...evidence, since: near, trouble: { issue, since } };
  }
  if (!face.embedding) return { ...evidence, trouble: null };
  const recent = evidence.samples.filter(
    (sample, index, all) => at - sample.at <= config.window || index > all.length - config.minSamples,
  );
  const samples = [...recent, { embedding: face.embedding, quality: face.quality, at }];
  return {
    ...evidence,
    trouble: null,
    worn: face.worn ?? [],
    taken: evidence.taken + 1,
    samples: bestSamples(samples, config.maxSamples),
  };
}

/** Keeps the newest frame and the best of the others, oldest first. */
function bestSamples(samples: readonly Sample[], limit: number): readonly Sample[] {
  if (samples.length <= limit) return samples;
  const newest = samples.at(-1)!;
  const others = samples.slice(0, -1).sort((a, b) => qualityWeight(b.quality) - qualityWeight(a.quality));
  return [...others.slice(0, limit - 1), newest].sort((a, b) => a.at - b.at);
}

/** The hint that is due: an issue that has lasted long enough to be worth saying. */
export function dueHint(evidence: Evidence, at: number, config: SessionConfig): QualityIssue | null {
  const { trouble } = evidence;
  return trouble && at - trouble.since >= config.hintAfter ? trouble.issue : null;
}

const sameVerdict = (a: Verdict, b: Verdict): boolean =>
  a.kind === 'person' ? b.kind === 'person' && a.person.id === b.person.id : b.kind === 'nobody';

/** Counts a verdict; a different one starts a new streak. */
export function count(evidence: Evidence, verdict: Verdict): Evidence {
  const again = evidence.streak && sameVerdict(evidence.streak.verdict, verdict);
  return { ...evidence, streak: { verdict, count: again ? evidence.streak.count + 1 : 1 } };
}

/** The verdict once it is stable, else null. "Nobody" needs more frames, more agreement and more time than a name. */
export function stableVerdict(evidence: Evidence, at: number, config: SessionConfig): Verdict | null {
  const { streak, taken, since } = evidence;
  if (!streak || since === null) return null;
  if (streak.verdict.kind === 'person') return streak.count >= config.acceptStreak ? streak.verdict : null;
  const patient = taken >= config.rejectMinSamples && at - since >= config.rejectAfter;
  return patient && streak.count >= config.rejectStreak ? streak.verdict : null;
}
