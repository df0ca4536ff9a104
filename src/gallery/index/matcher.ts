import { MATCH } from '@rounz/core/match/config.ts';
import { judge } from '@rounz/core/match/decide.ts';
import { duplicateOf } from '@rounz/core/match/enrolment.ts';
import type { MatchTemplate } from '@rounz/core/match/template.ts';
import { thresholdFor } from '@rounz/core/match/threshold.ts';
import { GALLERY } from '../base/config.ts';
import { explained } from '../base/errors.ts';
import type { Matcher, RunningModel, Strictness, StrictnessChoice } from '../contract/matching.ts';
import type { MergePreview } from '../contract/undo.ts';
import type { LiveIndex } from './live-index.ts';

export interface MatcherDeps {
  readonly live: LiveIndex;
  readonly strictness: () => Strictness;
}

/** The matcher, with the queries that only staff use. */
export interface FullMatcher extends Matcher {
  choices(): readonly StrictnessChoice[];
  /** Whether these two people of the gallery look like one to the running model. */
  likeness(first: string, second: string): MergePreview['faces'];
  model(): RunningModel | null;
}

export function createMatcher({ live, strictness }: MatcherDeps): FullMatcher {
  let model: RunningModel | null = null;
  const size = (): number => live.index?.length ?? 0;

  function search(probe: MatchTemplate, without: readonly string[] = []) {
    if (!model || probe.modelHash !== model.modelHash || live.modelHash !== model.modelHash)
      throw new RangeError('Probe and gallery come from different models: their score would mean nothing.');
    const left = without.filter((id) => live.index?.has(id)).length;
    const gallerySize = size() - left;
    if (!live.index || !live.transform || gallerySize <= 0) return { best: null, next: null, gallerySize: 0 };
    const [best = null, next = null] = live.index.search(
      live.transform.apply(probe.embedding),
      2,
      new Set(without),
    );
    return { best, next, gallerySize, impostorScores: live.index.impostors() };
  }

  return {
    setModel: (running) =>
      explained(async () => {
        await live.use(running.modelHash);
        model = running;
      }),
    size,
    identify(probe, without) {
      const found = search(probe, without);
      const targetFpir = GALLERY.strictness[strictness()];
      const calibrated = model ?? { calibration: [] };
      const decision = judge(found, calibrated, { targetFpir, minLead: MATCH.minLead });
      if (decision.kind === 'known' || decision.cause !== 'below-threshold') return decision;
      const laxer = thresholdFor(calibrated, found, targetFpir * GALLERY.tally.nearTimes);
      return { ...decision, near: laxer !== undefined && decision.nearest!.score >= laxer };
    },
    alreadyEnrolled(probe) {
      if (!model || probe.modelHash !== model.modelHash) return null;
      return duplicateOf(search(probe), model);
    },
    likeness(first, second) {
      const score = live.index?.score(first, second) ?? null;
      if (!model || live.modelHash !== model.modelHash || score === null) return 'not-comparable';
      const gallery = { gallerySize: size(), impostorScores: live.index!.impostors() };
      const best = { personId: second, score };
      return duplicateOf({ best, ...gallery }, model) ? 'alike' : 'unlike';
    },
    choices: () =>
      (['lenient', 'normal', 'strict'] as const).map((choice) => ({
        strictness: choice,
        targetFpir: GALLERY.strictness[choice],
        oneStrangerIn: Math.round(1 / GALLERY.strictness[choice]),
        threshold: model
          ? (thresholdFor(
              model,
              { gallerySize: size(), impostorScores: live.index?.impostors() ?? null },
              GALLERY.strictness[choice],
            ) ?? null)
          : null,
        gallerySize: size(),
      })),
    model: () => model,
  };
}
