import { type DecideOptions, type Decision, judge } from '@rounz/core/match/decide.ts';
import { duplicateOf } from '@rounz/core/match/enrolment.ts';
import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { type Calibrated, impostorScores } from '@rounz/core/match/impostors.ts';
import { cosineScore, isUnit } from '@rounz/core/match/score.ts';
import type { Candidate, MatchTemplate } from '@rounz/core/match/template.ts';
import { dotAt } from '@rounz/core/math/vector.ts';

/** What matching needs of an enrolled person. */
export interface Enrolled {
  readonly id: string;
  readonly templates: readonly MatchTemplate[];
}

/** Enrolled people, ready to be searched: one row for each. */
export interface MatchGallery {
  readonly modelHash: string;
  readonly ids: readonly string[];
  /** `ids.length * width` values, one unit vector for each person */
  readonly rows: Float32Array;
  /** values of one embedding; 0 in an empty gallery */
  readonly width: number;
  /** people none of whose templates this model made: they have to be enrolled again */
  readonly foreign: readonly string[];
}

/**
 * Prepares people for the search. A person's templates are fused into one: the best of several would give a stranger as
 * many chances, and the calibration was made with one template a person. Templates of another model are refused, for
 * their scores would mean nothing.
 */
export function buildGallery(people: readonly Enrolled[], modelHash: string): MatchGallery {
  const known: { readonly id: string; readonly row: Float32Array }[] = [];
  const foreign: string[] = [];
  for (const { id, templates } of people) {
    const ours = templates.filter((one) => one.modelHash === modelHash && isUnit(one.embedding));
    if (ours.length === 0) foreign.push(id);
    else known.push({ id, row: fuseTemplates(ours.map(({ embedding }) => embedding)) });
  }
  const width = known[0]?.row.length ?? 0;
  const rows = new Float32Array(known.length * width);
  known.forEach(({ id, row }, index) => {
    if (row.length !== width)
      throw new RangeError(`The template of ${id} has ${row.length} values where others have ${width}.`);
    rows.set(row, index * width);
  });
  return { modelHash, ids: known.map(({ id }) => id), rows, width, foreign };
}

/**
 * The best person and the next one.
 *
 * @param probe unit length
 * @throws RangeError where the probe has another length than the gallery's rows
 */
export function bestTwo(
  probe: Float32Array,
  { ids, rows, width }: MatchGallery,
): { readonly best: Candidate | null; readonly next: Candidate | null } {
  if (ids.length > 0 && probe.length !== width)
    throw new RangeError(`A probe of ${probe.length} values cannot be compared with templates of ${width}.`);
  let best: Candidate | null = null;
  let next: Candidate | null = null;
  ids.forEach((personId, index) => {
    const score = dotAt(probe, rows, index * width);
    if (!best || score > best.score) {
      next = best;
      best = { personId, score };
    } else if (!next || score > next.score) next = { personId, score };
  });
  return { best, next };
}

/** The gallery's size and the scores between its people, as a threshold wants them. */
export function searchedGallery({ ids, rows, width }: MatchGallery): {
  readonly gallerySize: number;
  readonly impostorScores: Float32Array;
} {
  const templateAt = (index: number) => rows.subarray(index * width, (index + 1) * width);
  return { gallerySize: ids.length, impostorScores: impostorScores(ids.length, templateAt, cosineScore) };
}

/**
 * `judge` over a plain gallery.
 *
 * @param probe unit length, made by the gallery's model
 * @throws RangeError where another model made the probe
 */
export function decide(
  probe: MatchTemplate,
  gallery: MatchGallery,
  model: Calibrated,
  options: DecideOptions,
): Decision {
  if (probe.modelHash !== gallery.modelHash)
    throw new RangeError('Probe and gallery come from different models: their score would mean nothing.');
  const found = bestTwo(probe.embedding, gallery);
  return judge({ ...found, ...searchedGallery(gallery) }, model, options);
}

/**
 * The person as whom this face is already enrolled, or null. Needs no lead over the next person: two entries of one
 * face are just what it looks for.
 */
export function alreadyEnrolledAs(
  probe: MatchTemplate,
  gallery: MatchGallery,
  model: Calibrated,
): Candidate | null {
  if (probe.modelHash !== gallery.modelHash) return null;
  const { best } = bestTwo(probe.embedding, gallery);
  return duplicateOf({ best, ...searchedGallery(gallery) }, model);
}
