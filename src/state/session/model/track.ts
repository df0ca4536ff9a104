import type { QualityIssue } from '@rounz/core/face/face.ts';
import { qualityWeight } from '@rounz/core/match/fuse.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { FaceArea, FaceReport } from '../../../vision/protocol.ts';
import type { Sample, Verdict } from '../../engine/recogniser.ts';
import type { SessionConfig } from './config.ts';

/** Where the served face was last seen: its centre and width, pixels of the frame. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** milliseconds */
  readonly seenAt: number;
  /** a later frame showed nobody. Time without a frame is no absence: a slow machine needs seconds between two of them */
  readonly missed: boolean;
}

/**
 * The served face, followed from frame to frame, and what its frames have shown. Frames of two people are never mixed: a
 * face that is not the same starts a new track.
 */
export interface Track {
  /** milliseconds at which this face appeared; null while nobody has been seen */
  readonly since: number | null;
  readonly place: Place | null;
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

/** What tells whether a face is the one of the frame before. */
export type FollowConfig = Pick<SessionConfig, 'trackJump' | 'trackGap' | 'blindness'>;

export const noTrack: Track = {
  since: null,
  place: null,
  samples: [],
  taken: 0,
  streak: null,
  worn: [],
  trouble: null,
};

/**
 * Milliseconds for which the face has been away: 0 while the last frame showed it, infinite where there was none. A camera
 * that gives no frame for `blindness` counts as one that shows nobody.
 */
export function absence({ place }: Track, at: number, config: Pick<SessionConfig, 'blindness'>): number {
  if (!place) return Number.POSITIVE_INFINITY;
  const passed = at - place.seenAt;
  return place.missed || passed > config.blindness ? passed : 0;
}

/** Notes that a frame showed nobody. */
export const miss = (track: Track): Track =>
  track.place && !track.place.missed ? { ...track, place: { ...track.place, missed: true } } : track;

function centre(face: FaceReport): { x: number; y: number } {
  return { x: face.box.x + face.box.width / 2, y: face.box.y + face.box.height / 2 };
}

/** Whether `face` continues the track: it was not away for too long and is not further than a face could move. */
export function sameFace(track: Track, face: FaceReport, at: number, config: FollowConfig): boolean {
  const { place } = track;
  if (!place) return false;
  if (absence(track, at, config) > config.trackGap) return false;
  const { x, y } = centre(face);
  const reach = config.trackJump * Math.max(place.width, face.box.width);
  return Math.hypot(x - place.x, y - place.y) <= reach;
}

/** Pixels between a face's middle and where the track last saw its own; 0 where it has seen none. */
export const awayFrom = ({ place }: Track, face: FaceReport): number => {
  const { x, y } = centre(face);
  return place ? Math.hypot(x - place.x, y - place.y) : 0;
};

/** Where the served face can be in the next frame; undefined where none was seen. */
export const areaOf = (
  { place }: Track,
  { trackJump }: Pick<SessionConfig, 'trackJump'>,
): FaceArea | undefined => (place ? { x: place.x, y: place.y, reach: trackJump * place.width } : undefined);

/** Whether `face` lies where the one who agreed can be: a wider face beside them is another one's. */
export function isAgreed(track: Track, face: FaceReport, at: number, config: SessionConfig): boolean {
  const area = areaOf(track, config);
  if (!area) return true;
  const { x, y } = centre(face);
  return sameFace(track, face, at, config) && Math.hypot(x - area.x, y - area.y) <= area.reach;
}

/** Follows the served face: keeps what was gathered where it is the same face, and starts a new track otherwise. */
export function follow(track: Track, face: FaceReport, at: number, config: FollowConfig): Track {
  const place: Place = { ...centre(face), width: face.box.width, seenAt: at, missed: false };
  if (sameFace(track, face, at, config)) return { ...track, place };
  return { ...noTrack, since: at, place };
}

/** Keeps where the served face is and drops everything about whom it shows. */
export const placeOnly = ({ place }: Track): Track => ({ ...noTrack, place });

/** The issue for which this frame cannot be used for recognition, or null where it can. */
export function blockingIssue(face: FaceReport, config: SessionConfig): QualityIssue | null {
  if (face.quality.interEyeDistance < config.minEyeDistance) return 'too-far';
  return face.issues[0] ?? null;
}

/** Adds the frame's embedding, or notes why it was refused. */
export function gather(track: Track, face: FaceReport, at: number, config: SessionConfig): Track {
  const issue = blockingIssue(face, config);
  if (issue) {
    const since = track.trouble?.issue === issue ? track.trouble.since : at;
    // The patience begins when they are near: somebody far off is asked to come closer for as long as they stay.
    const near = issue === 'too-far' ? at : track.since;
    return { ...track, since: near, trouble: { issue, since } };
  }
  if (!face.embedding) return { ...track, trouble: null };
  const recent = track.samples.filter(
    (sample, index, all) => at - sample.at <= config.window || index > all.length - config.minSamples,
  );
  const { embedding, quality, passive } = face;
  const samples = [...recent, { embedding, quality, at, ...(passive === undefined ? {} : { passive }) }];
  return {
    ...track,
    trouble: null,
    worn: face.worn ?? [],
    taken: track.taken + 1,
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
export function dueHint(track: Track, at: number, config: SessionConfig): QualityIssue | null {
  const { trouble } = track;
  return trouble && at - trouble.since >= config.hintAfter ? trouble.issue : null;
}

const sameVerdict = (a: Verdict, b: Verdict): boolean =>
  a.kind === 'person'
    ? b.kind === 'person' && a.person.id === b.person.id
    : b.kind === 'nobody' && (a.ambiguous ?? false) === (b.ambiguous ?? false);

/** Counts a verdict; a different one starts a new streak. The newest one tells how certain it is. */
export function count(track: Track, verdict: Verdict): Track {
  const again = track.streak && sameVerdict(track.streak.verdict, verdict);
  return { ...track, streak: { verdict, count: again ? track.streak.count + 1 : 1 } };
}

/**
 * The verdict once it is stable, else null. A name that is certain is so at once. "Nobody" needs more frames, more agreement and
 * more time than a name.
 */
export function stableVerdict(track: Track, at: number, config: SessionConfig): Verdict | null {
  const { streak, taken, since } = track;
  if (!streak || since === null) return null;
  if (streak.verdict.kind === 'person') {
    const certain = streak.verdict.certainty === 'certain';
    return certain || streak.count >= config.acceptStreak ? streak.verdict : null;
  }
  const patient = taken >= config.rejectMinSamples && at - since >= config.rejectAfter;
  return patient && streak.count >= config.rejectStreak ? streak.verdict : null;
}
