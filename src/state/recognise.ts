import { decide } from '@rounz/core/match/decide.ts';
import { alreadyEnrolledAs } from '@rounz/core/match/enrolment.ts';
import { fuse, qualityWeight } from '@rounz/core/match/fuse.ts';
import { buildGallery, type MatchGallery, type MatchTemplate } from '@rounz/core/match/gallery.ts';
import type { Person } from '../gallery/types.ts';
import type { VisionReady } from '../vision/protocol.ts';
import type { RecognitionConfig } from './config.ts';
import type { Sample } from './evidence.ts';

type Model = Pick<VisionReady, 'modelHash' | 'calibration'>;

export interface Recogniser {
  /** Whom the frames show; `disowned` people are left out. Null: nobody whom the kiosk knows. */
  identify(
    samples: readonly Sample[],
    people: readonly Person[],
    disowned: readonly string[],
    model: Model,
  ): Person | null;
  /** As whom this face is enrolled already: asks for no lead, for two entries of one face are what it looks for. */
  alreadyEnrolled(samples: readonly Sample[], people: readonly Person[], model: Model): Person | null;
}

/** The open-set decision of core over the enrolled people, with their rows prepared once for each change of the gallery. */
export function createRecogniser(config: RecognitionConfig): Recogniser {
  const prepare = rememberLast((people: readonly Person[], disowned: string, modelHash: string) => {
    const left = new Set(disowned.split('\n'));
    return buildGallery(
      people.filter(({ id }) => !left.has(id)),
      modelHash,
    );
  });
  return {
    identify(samples, people, disowned, model) {
      const gallery: MatchGallery = prepare(people, disowned.join('\n'), model.modelHash);
      const { targetFpir, minLead } = config;
      const decision = decide(probeOf(samples, model), gallery, model.calibration, { targetFpir, minLead });
      return decision.kind === 'known' ? byId(people, decision.personId) : null;
    },
    alreadyEnrolled(samples, people, model) {
      const gallery = prepare(people, '', model.modelHash);
      const probe = probeOf(samples, model);
      const found = alreadyEnrolledAs(probe, gallery, model.calibration, config.targetFpir);
      return found && byId(people, found.personId);
    },
  };
}

const byId = (people: readonly Person[], sought: string): Person | null =>
  people.find(({ id }) => id === sought) ?? null;

function probeOf(samples: readonly Sample[], model: Model): MatchTemplate {
  const frames = samples.map(({ embedding, quality }) => ({ embedding, weight: qualityWeight(quality) }));
  return { embedding: fuse(frames, frames.length), modelHash: model.modelHash };
}

/** Keeps the last result while the arguments are the same objects. */
function rememberLast<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    if (!last || args.some((arg, index) => arg !== last?.args[index]))
      last = { args, result: compute(...args) };
    return last.result;
  };
}
