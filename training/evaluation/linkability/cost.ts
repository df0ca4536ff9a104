import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { compare, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';
import { keptBy, type People, PICTURES } from './attacks.ts';

/** How well people are recognised by what a shop keeps of them. */
export interface Recognised {
  readonly name: string;
  /** by false match rate, in the order of `FMRS` */
  readonly tar: readonly number[];
  readonly eer: number;
  readonly mated: number;
  readonly nonMated: number;
}

export const FMRS = [0.01, 0.003, 0.001] as const;

interface Way {
  readonly name: string;
  /** templates that are kept of a person's pictures; the best score counts */
  readonly kept: (pictures: readonly Float32Array[]) => readonly Float32Array[];
}

const WAYS: readonly Way[] = [
  { name: 'a template of each picture, the best score counts', kept: (pictures) => pictures },
  { name: 'one template, their sum', kept: (pictures) => [fuseTemplates(pictures)] },
];

/**
 * What it costs to keep one template a person. Each picture is searched for once, with three others of the person in the gallery;
 * everybody else is in it with their first three. Templates are turned and quantised as a shop keeps them.
 *
 * @param key uniform secret bytes for the width
 * @returns null where fewer than two people have more pictures than an enrolment takes
 */
export function costOfFusing(people: People, key: Uint8Array): readonly Recognised[] | null {
  const all = people.filter((pictures) => pictures.length > PICTURES);
  if (all.length < 2) return null;
  const turned = all.map((pictures) => keptBy(pictures, key));
  return WAYS.map(({ name, kept }) => {
    const galleries = turned.map((pictures) => kept(pictures.slice(0, PICTURES)));
    const best = (probe: Float32Array, templates: readonly Float32Array[]) =>
      Math.max(...templates.map((one) => dot(one, probe)));
    const mated: number[] = [];
    const nonMated: number[] = [];
    turned.forEach((pictures, i) => {
      pictures.forEach((probe, p) => {
        const others = Array.from({ length: PICTURES }, (_, k) => pictures[(p + 1 + k) % pictures.length]!);
        mated.push(best(probe, kept(others)));
        galleries.forEach((templates, j) => {
          if (j !== i) nonMated.push(best(probe, templates));
        });
      });
    });
    const curve = rocCurve(rankComparisons(compare(mated, nonMated)));
    const tar = FMRS.map((rate) => tarAtFmr(curve, rate).tar);
    return { name, tar, eer: equalErrorRate(curve), mated: mated.length, nonMated: nonMated.length };
  });
}
