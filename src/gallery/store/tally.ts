import { z } from 'zod';
import { GALLERY } from '../base/config.ts';
import type { MissedEstimate } from '../contract/matching.ts';
import type { Look, Tally, WeekCounts } from '../contract/tally.ts';
import type { Storage } from './storage.ts';

z.config({ jitless: true });

const TALLY = 'tally';
/** scores are counted in steps of this cosine */
const STEP = 0.01;

const count = z.int().nonnegative();
/** Looks without a score: somebody else's template was nearer. */
const UNSCORED = 'none';
/** Looks by their score, in steps: `57` is 0.57 to 0.58. */
const scores = z.record(z.string().regex(/^(-?\d{1,3}|none)$/), count);
const weekSchema = z.strictObject({
  week: z.iso.date(),
  greeted: count,
  unknown: count,
  near: count,
  alike: count,
  notMe: count,
  missed: count,
  /** of own customers, greeted or missed */
  scores,
});
/** Numbers alone: the form has no place for a name, an id or a template. */
const tallySchema = z.strictObject({
  /** scores of different models are never counted together */
  modelHash: z.string(),
  weeks: z.array(weekSchema),
});
type Week = z.infer<typeof weekSchema>;
type Kept = z.infer<typeof tallySchema>;

/** The tally, with what staff read of it. */
export interface TallyKeeper extends Tally {
  /** the newest first */
  weeks(): readonly WeekCounts[];
  /** What a threshold would have missed of the last weeks' looks at own customers. @param threshold cosine; null: there is none */
  missedAt(threshold: number | null): MissedEstimate | null;
}

/** The Monday of a moment's week, by the calendar of this computer. */
export function weekOf(moment: number): string {
  const day = new Date(moment);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  const parts = [day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0'));
  return [day.getFullYear(), ...parts].join('-');
}

const emptyWeek = (week: string): Week => ({
  week,
  greeted: 0,
  unknown: 0,
  near: 0,
  alike: 0,
  notMe: 0,
  missed: 0,
  scores: {},
});

function withScore(week: Week, score: number | null): Week {
  const step = score === null ? UNSCORED : String(Math.floor(score / STEP + 1e-9));
  return { ...week, scores: { ...week.scores, [step]: (week.scores[step] ?? 0) + 1 } };
}

/** The week with one look more. */
function counted(week: Week, look: Look): Week {
  switch (look.kind) {
    case 'greeted':
      return withScore({ ...week, greeted: week.greeted + 1 }, look.score);
    case 'unknown':
      return { ...week, unknown: week.unknown + 1, near: week.near + (look.near ? 1 : 0) };
    case 'alike':
      return { ...week, alike: week.alike + 1 };
    case 'not-me':
      return { ...week, notMe: week.notMe + 1 };
    case 'missed':
      return withScore({ ...week, missed: week.missed + 1 }, look.score);
    default:
      return look satisfies never;
  }
}

/**
 * Reads the tally; a damaged one begins anew, and so do its scores with another model.
 *
 * @param modelHash of the running model; null while none runs
 */
export async function openTally(
  { meta, record }: Pick<Storage, 'meta' | 'record'>,
  modelHash: () => string | null,
): Promise<TallyKeeper> {
  const stored = await meta.get(TALLY, tallySchema).catch(() => null);
  let kept: Kept = stored ?? { modelHash: '', weeks: [] };

  function ofModel({ modelHash: before, weeks }: Kept, running: string): Kept {
    if (before === running) return { modelHash: running, weeks };
    return { modelHash: running, weeks: weeks.map((week) => ({ ...week, scores: {} })) };
  }

  function next(look: Look): Kept {
    const week = weekOf(record.time.now());
    const { modelHash: running, weeks } = ofModel(kept, modelHash() ?? kept.modelHash);
    const current = weeks.find((one) => one.week === week) ?? emptyWeek(week);
    const others = weeks.filter((one) => one.week !== week);
    const sorted = [...others, counted(current, look)].sort((a, b) => b.week.localeCompare(a.week));
    return { modelHash: running, weeks: sorted.slice(0, GALLERY.tally.weeks) };
  }

  return {
    count(look) {
      kept = next(look);
      return meta.put(TALLY, kept).catch(() => {});
    },
    weeks: () => kept.weeks.map(({ scores: _, ...week }) => week),
    missedAt(threshold) {
      if (threshold === null) return null;
      const recent = ofModel(kept, modelHash() ?? kept.modelHash).weeks.slice(0, GALLERY.tally.estimateWeeks);
      return estimate(recent, threshold);
    },
  };
}

/** A look that was missed without a score is missed by every choice. */
function estimate(weeks: readonly Week[], threshold: number): MissedEstimate {
  let looks = 0;
  let missed = 0;
  for (const week of weeks)
    for (const [step, here] of Object.entries(week.scores)) {
      looks += here;
      // A step that the threshold parts counts by its share below it.
      missed += step === UNSCORED ? here : here * Math.min(1, Math.max(0, threshold / STEP - Number(step)));
    }
  return { looks, missed: Math.round(missed), enough: looks >= GALLERY.tally.enough };
}
