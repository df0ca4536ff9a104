import type { FaceQuality } from '@rounz/core/face/face.ts';
import type { Certainty } from '@rounz/core/match/decide.ts';
import { fuse, qualityWeight } from '@rounz/core/match/fuse.ts';
import type { Candidate, MatchTemplate } from '@rounz/core/match/template.ts';
import type { Person } from '../../gallery/contract/person.ts';
import { type People, peopleOf } from './people.ts';

/** One good frame of a face. */
export interface Sample {
  /** unit length */
  readonly embedding: Float32Array;
  readonly quality: FaceQuality;
  /** milliseconds of the clock at which the frame was taken */
  readonly at: number;
  /** the passive check's log odds that it shows a picture, above its threshold; absent where it was not looked at */
  readonly passive?: number;
}

/** What a shopper's screen may know of a person. */
export interface GreetedPerson {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC */
  readonly enrolledAt: string;
  readonly demo: boolean;
}

/** Who the fused frames show. */
export type Verdict =
  | {
      readonly kind: 'person';
      readonly person: GreetedPerson;
      readonly certainty: Certainty;
      /** cosine; for counting alone */
      readonly score?: number;
    }
  | {
      readonly kind: 'nobody';
      /** two people score too close to each other for either to be named, or staff said that they look alike */
      readonly ambiguous?: boolean;
      /** a much laxer choice would have greeted */
      readonly near?: boolean;
      /** whose template is the nearest one; for counting alone, never shown */
      readonly nearest?: Candidate;
    };

/** Turns embeddings into verdicts: fuses the frames, asks the gallery's matcher, and names the person. */
export interface Recogniser {
  /**
   * The open-set decision for these frames. Synchronous, and "nobody" while the model or the gallery is not ready.
   *
   * @param without ids of people who are left out ("not me")
   */
  identify(samples: readonly Sample[], without: readonly string[]): Verdict;
  /** As whom this face is enrolled already: the same threshold without the lead over the second person. */
  findDuplicate(samples: readonly Sample[]): Verdict;
  /** Whether anybody is enrolled at all. */
  anybodyEnrolled(): boolean;
}

const NOBODY: Verdict = { kind: 'nobody' };
const AMBIGUOUS: Verdict = { kind: 'nobody', ambiguous: true };

/** @param modelHash sha256 of the running model's weights; null while no model runs */
export function createRecogniser(
  people: Pick<People, 'store' | 'engine'>,
  modelHash: () => string | null,
): Recogniser {
  const enrolled = (): readonly Person[] => peopleOf(people.store.getState());

  function verdict(id: string | null | undefined, certainty: Certainty = 'plain'): Verdict {
    const person = id ? enrolled().find((one) => one.id === id) : undefined;
    if (!person) return NOBODY;
    const { name, enrolledAt, demo } = person;
    return { kind: 'person', person: { id: person.id, name, enrolledAt, demo }, certainty };
  }

  /** Whether somebody who looks like this person is enrolled too: a face alone may be either's. */
  function hasLookAlike(id: string): boolean {
    const others = enrolled().find((one) => one.id === id)?.lookAlikes ?? [];
    return others.some((other) => enrolled().some((one) => one.id === other));
  }

  /** The fused embedding of the frames, weighted by their quality; null while no model runs. */
  function probeOf(samples: readonly Sample[]): MatchTemplate | null {
    const hash = modelHash();
    if (hash === null) return null;
    const frames = samples.map(({ embedding, quality }) => ({ embedding, weight: qualityWeight(quality) }));
    return { embedding: fuse(frames, frames.length), modelHash: hash };
  }

  return {
    identify(samples, without) {
      const probe = probeOf(samples);
      const decision = probe && people.engine()?.matcher.identify(probe, without);
      if (!decision) return NOBODY;
      if (decision.kind === 'known') {
        if (hasLookAlike(decision.personId)) return AMBIGUOUS;
        const found = verdict(decision.personId, decision.certainty);
        return found.kind === 'person' ? { ...found, score: decision.score } : found;
      }
      const { cause, near = false, nearest } = decision;
      const known = nearest ? { nearest: { personId: nearest.personId, score: nearest.score } } : {};
      return { kind: 'nobody', ambiguous: cause === 'ambiguous', near, ...known };
    },
    findDuplicate(samples) {
      const probe = probeOf(samples);
      return verdict(probe && people.engine()?.matcher.alreadyEnrolled(probe)?.personId);
    },
    anybodyEnrolled: () => enrolled().length > 0,
  };
}
