import { dot } from '@rounz/core/math/vector.ts';
import { compare, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { readWornLabels } from '../data/accessories.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { galleryAndProbes } from '../samples/embed-samples.ts';
import { setsInCache } from '../samples/run-data.ts';
import { type Sample, splitSamples } from '../samples/samples.ts';
import { compareWithinSets, RATES } from '../samples/validation-people.ts';
import { loadTeacher, TEACHER_SIZE, teacherOf } from '../teacher/embeddings.ts';
import { type CentredEmbeddings, centredEmbeddings, fuse, unit, wordsOf } from '../teacher/fused.ts';

/** Of a picture; undefined where the teacher found no face. */
type Embedding = (path: string) => Float32Array | undefined;

/** Whom is compared with whom: one gallery picture for each person, and probes. */
interface Comparison {
  readonly gallery: readonly Sample[];
  readonly probes: readonly Sample[];
}

export interface TeacherFigureOptions {
  readonly cache: string;
  /** sets (default: those of `distil`) */
  readonly sets?: readonly string[] | undefined;
  /** `set=file.tsv`: which pictures of a set are covered */
  readonly accessories?: readonly string[] | undefined;
  /** lengths of the teachers' embeddings side by side, one for each */
  readonly shares?: readonly number[] | undefined;
}

/**
 * How well teachers' own embeddings tell people apart, in lines: of `distil`'s validation people the first picture of each against
 * their others; with lists of accessories, too, of everybody in these sets a bare picture against the covered ones, because no
 * teacher was trained here. Impostors are within a set. Pictures without an embedding are unlike everybody.
 *
 * @param folders embeddings, as `teach` writes them
 * @throws Error where there are fewer than two validation people, or not one share for each teacher
 */
export function teacherFigures(
  folders: readonly string[],
  { cache, sets: wanted, accessories = [], shares }: TeacherFigureOptions,
): string[] {
  if (shares && shares.length !== folders.length)
    throw new Error(
      `--shares has ${shares.length} numbers for ${folders.length} teachers: give one for each --teacher folder.`,
    );
  const recipe = RECIPES['distil']!;
  const names = setsInCache(wanted ?? recipe.data.sets, cache);
  const sets = openAlignedSets(cache, names);
  const bare = galleryAndProbes(splitSamples(sets, new Map(), recipe).validation);
  for (const set of sets) set.close();
  if (bare.gallery.length < 2)
    throw new Error(
      `Of the sets ${names.join(', ')} ${bare.gallery.length} people are kept for validation, and figures need two: take more people.`,
    );
  const comparisons = [bare, ...(accessories.length > 0 ? [coveredAgainstBare(cache, accessories)] : [])];
  const teachers = folders.map((folder) => {
    const stored = loadTeacher(folder);
    return { folder, stored, centred: centredEmbeddings(stored) };
  });
  const line = (title: string, of: Embedding): string =>
    `  ${title}: ${comparisons.map((comparison) => figures(comparison, of)).join(' | ')}`;
  const lines = teachers.flatMap(({ folder, stored, centred }) => {
    const missing = [...bare.gallery, ...bare.probes].filter(({ path }) => !stored.has(path)).length;
    return [
      `${folder} (${teacherOf([folder])}); ${missing} validation pictures without an embedding`,
      line('as they are', (path) => stored.get(path)),
      line('centred, as a student gets them', centred.of),
    ];
  });
  const counts = comparisons.map(
    ({ probes, gallery }) => `${probes.length} probes, ${gallery.length} people`,
  );
  return [
    `TAR at FMR ${RATES.map((rate) => `${rate * 100} %`).join(', ')}; EER; rank-1 (${counts.join(' | ')})`,
    ...lines,
    ...(shares
      ? [
          line(
            `side by side, ${shares.join(' : ')}`,
            sideBySide(
              teachers.map(({ centred }) => centred),
              shares,
            ),
          ),
        ]
      : []),
  ];
}

/** The teachers' embeddings as a student gets them. */
function sideBySide(teachers: readonly CentredEmbeddings[], shares: readonly number[]): Embedding {
  const [first, ...others] = teachers;
  const [length, ...lengths] = shares;
  const further = others.map((embeddings, i) => ({ embeddings, share: lengths[i]! / length! }));
  return (path) => {
    const own = first!.of(path);
    return own && fuse(own, wordsOf(further, path), teachers.length * TEACHER_SIZE);
  };
}

/** Everybody's first bare picture against their covered ones, in the listed sets. */
function coveredAgainstBare(cache: string, accessories: readonly string[]): Comparison {
  const worn = new Map(accessories.flatMap((spec) => [...readWornLabels(spec)]));
  const names = accessories.map((spec) => spec.slice(0, spec.indexOf('=')));
  const gallery = new Map<string, Sample>();
  const probes: Sample[] = [];
  for (const aligned of openAlignedSets(cache, names)) {
    const { name: set, records } = aligned;
    aligned.close();
    records.forEach(({ path, identity: person }, index) => {
      const labels = worn.get(path);
      if (!labels || person === null) return;
      const sample = { set, index, person, label: -1, path, target: undefined };
      if ([...labels.values()].includes(true)) probes.push(sample);
      else if (!gallery.has(person)) gallery.set(person, sample);
    });
  }
  return {
    gallery: [...gallery.values()],
    probes: probes.filter(({ person }) => gallery.has(person!)),
  };
}

function figures({ gallery, probes }: Comparison, embedding: Embedding): string {
  const found = (sample: Sample) => embedding(sample.path);
  const size = [...gallery, ...probes].map(found).find(Boolean)?.length ?? TEACHER_SIZE;
  const of = (sample: Sample): Float32Array => unit(found(sample) ?? new Float32Array(size));
  const enrolled = gallery.map((sample) => ({ sample, templates: [of(sample)] }));
  const searched = probes.map(of);
  const { genuine, impostor } = compareWithinSets(enrolled, probes, searched);
  const curve = rocCurve(rankComparisons(compare(genuine, impostor)));
  const rates = RATES.map((rate) => tarAtFmr(curve, rate).tar.toFixed(3)).join(' ');
  const first = probes.filter(({ person }, p) => {
    let [best, score] = [-1, Number.NEGATIVE_INFINITY];
    enrolled.forEach(({ templates }, g) => {
      const own = dot(searched[p]!, templates[0]!);
      if (own > score) [best, score] = [g, own];
    });
    return gallery[best]!.person === person;
  });
  return `${rates}; ${equalErrorRate(curve).toFixed(3)}; ${(first.length / probes.length).toFixed(3)}`;
}
