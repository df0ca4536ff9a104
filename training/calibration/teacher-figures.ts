import { dot } from '@rounz/core/math/vector.ts';
import { compare, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { galleryAndProbes } from '../samples/embed-samples.ts';
import { setsInCache } from '../samples/run-data.ts';
import { centrer, type Sample, splitSamples } from '../samples/samples.ts';
import { compareWithinSets, RATES } from '../samples/validation-people.ts';
import { loadTeacher, TEACHER_SIZE, teacherOf } from '../teacher/embeddings.ts';
import { unit } from '../teacher/fused.ts';

/**
 * How well a teacher's own embeddings tell `distil`'s validation people apart, in lines: the first picture of each against
 * their others, impostors within a set. Pictures without an embedding are unlike everybody.
 *
 * @param folder embeddings, as `teach` writes them
 * @param wanted sets (default: the recipe's)
 * @throws Error where there are fewer than two validation people
 */
export function teacherFigures(folder: string, cache: string, wanted?: readonly string[]): string[] {
  const recipe = RECIPES['distil']!;
  const names = setsInCache(wanted ?? recipe.data.sets, cache);
  const sets = openAlignedSets(cache, names);
  const { validation } = splitSamples(sets, new Map(), recipe);
  const records = new Map(sets.map(({ name, records: own }) => [name, own]));
  for (const set of sets) set.close();
  const pathOf = ({ set, index }: Sample): string => records.get(set)![index]!.path;
  const embeddings = loadTeacher(folder);
  const { gallery, probes } = galleryAndProbes(validation);
  if (gallery.length < 2)
    throw new Error(
      `Of the sets ${names.join(', ')} ${gallery.length} people are kept for validation, and figures need two: take more people.`,
    );
  const missing = validation.filter((sample) => !embeddings.has(pathOf(sample))).length;
  const lines = [
    `${folder} (${teacherOf([folder])}): ${probes.length} probes of ${gallery.length} people; ${missing} pictures without an embedding`,
    `  TAR at FMR ${RATES.map((rate) => `${rate * 100} %`).join(', ')}; EER; rank-1`,
  ];
  const whole = (values: Float32Array) => values;
  const centred = centrer(embeddings, recipe.losses.distillation.centring);
  for (const [title, place] of [
    ['as they are', whole],
    ['centred, as a student gets them', centred],
  ] as const) {
    const of = (sample: Sample): Float32Array => {
      const values = embeddings.get(pathOf(sample));
      return values ? unit(place(values)) : new Float32Array(TEACHER_SIZE);
    };
    lines.push(`  ${title}: ${figures(gallery, probes, of)}`);
  }
  return lines;
}

function figures(
  gallery: readonly Sample[],
  probes: readonly Sample[],
  of: (sample: Sample) => Float32Array,
): string {
  const enrolled = gallery.map((sample) => ({ sample, templates: [of(sample)] }));
  const searched = probes.map(of);
  const { genuine, impostor } = compareWithinSets(enrolled, probes, searched);
  const curve = rocCurve(rankComparisons(compare(genuine, impostor)));
  const rates = RATES.map((rate) => tarAtFmr(curve, rate).tar.toFixed(3)).join(' ');
  const first = probes.filter(({ person }, p) => {
    const scores = enrolled.map(({ templates }) => dot(searched[p]!, templates[0]!));
    return gallery[scores.indexOf(Math.max(...scores))]!.person === person;
  });
  return `${rates}; ${equalErrorRate(curve).toFixed(3)}; ${(first.length / probes.length).toFixed(3)}`;
}
