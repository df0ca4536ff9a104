import type { AlignedCrop } from '@rounz/core/image.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';
import { describe, expect, it } from 'vitest';
import { drawnEmbeddingsOf, embeddingsOf } from './collect.ts';
import { joinEmbedders } from './ensemble.ts';
import { differenceOf, figuresOf, halves } from './figures.ts';
import { spread } from './job.ts';
import { worstMistakes } from './mistakes.ts';
import { parseOutfits } from './outfits.ts';
import { YAW_BINS, yawBin, yawBinOfPair } from './pose-bins.ts';
import { pairFindings } from './protocols.ts';
import type { Capture } from './recogniser.ts';
import { searchesOfSize } from './smaller-gallery.ts';
import { allPairTrials } from './trials.ts';

const NONE = { splitSeed: 1, resamples: 0 };

/** Noisy unit vectors, `each` pictures of `people` people; the path says whose. */
function crowd(people: number, each: number, spread: number): Map<string, Float32Array> {
  const random = mulberry32(people * 31 + each);
  const centres = Array.from({ length: people }, () =>
    Float32Array.from({ length: 12 }, () => random() - 0.5),
  );
  const set = new Map<string, Float32Array>();
  for (let p = 0; p < people; p++)
    for (let k = 0; k < each; k++) {
      const vector = centres[p]!.map((v) => v + spread * (random() - 0.5));
      const length = Math.sqrt(dot(vector, vector));
      set.set(
        `p${p}/${k}.jpg`,
        vector.map((v) => v / length),
      );
    }
  return set;
}

const personOf = (path: string) => path.split('/')[0]!;

describe('pose bins', () => {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;

  it('go by the size of the turn, either way', () => {
    expect([0, -14.9, 15.1, -44, 46, -90].map((d) => yawBin(radians(d)))).toEqual([
      YAW_BINS[0],
      YAW_BINS[0],
      YAW_BINS[1],
      YAW_BINS[2],
      YAW_BINS[3],
      YAW_BINS[3],
    ]);
  });

  it('put a pair where its further turned picture belongs, and an unknown turn nowhere', () => {
    expect(yawBinOfPair(radians(5), radians(-50))).toBe('yaw 45°+');
    expect(yawBinOfPair(null, radians(5))).toBeNull();
    expect(yawBin(undefined)).toBeNull();
  });
});

describe('pairFindings', () => {
  const embeddings = crowd(30, 4, 1.1);
  const pictures = [...embeddings.keys()];
  const yaw = new Map(pictures.map((path, i) => [path, i % 4 === 3 ? null : ((i % 4) * 20 * Math.PI) / 180]));
  const findings = pairFindings('set', {
    compared: { embeddings, similarity: dot },
    yaw,
    accessory: new Map(pictures.map((path, i) => [path, ['bare', 'cap', 'bare', 'mask'][i % 4]!])),
    drawn: new Map(),
    gallerySizes: [5],
    config: NONE,
  });

  it('searches the first pictures with all others, as a plain count does', () => {
    const gallery = pictures.filter((path) => path.endsWith('/0.jpg'));
    const probes = pictures.filter((path) => !path.endsWith('/0.jpg'));
    const hits = probes.filter((probe) => {
      const scores = gallery.map((other) => dot(embeddings.get(probe)!, embeddings.get(other)!));
      return personOf(gallery[scores.indexOf(Math.max(...scores))]!) === personOf(probe);
    });
    expect(findings.groups['all']).toMatchObject({ searches: 90, gallerySize: 30 });
    expect(findings.groups['all']!.values.rank1).toBeCloseTo(hits.length / 90, 12);
    expect(hits.length).toBeLessThan(90);
  });

  it('parts the pairs by pose, and leaves a picture of unknown turn to `all`', () => {
    const known = pictures.filter((path) => yaw.get(path) !== null);
    const bins = YAW_BINS.flatMap((bin) => findings.groups[bin] ?? []);
    const sum = bins.reduce((total, { genuine, impostor }) => total + genuine + impostor, 0);
    const pairsOf = (count: number) => (count * (count - 1)) / 2;
    const frontal = known.filter((path) => yaw.get(path) === 0);
    expect(sum).toBe(pairsOf(known.length) - pairsOf(frontal.length));
    expect(findings.groups['yaw 0-15°']).toBeUndefined(); // one frontal picture a person: nothing genuine
    expect(findings.groups['yaw 15-30°']!.genuine).toBe(frontal.length);
  });

  it('compares bare pictures with each accessory, and bare ones among themselves', () => {
    // Each person has two bare pictures, one with a cap, one with a mask.
    expect(findings.groups['bare']).toMatchObject({ genuine: 30, impostor: (60 * 59) / 2 - 30 });
    expect(findings.groups['cap']).toMatchObject({ genuine: 60, impostor: 60 * 30 - 60, searches: 30 });
    expect(findings.groups['mask']).toMatchObject({ genuine: 60, searches: 30 });
  });

  it('shows the figure of a smaller gallery between certainty and the whole one', () => {
    const small = findings.groups['gallery of 5']!;
    expect(small).toMatchObject({ gallerySize: 5, genuine: 0 });
    expect(small.values.rank1!).toBeGreaterThan(findings.groups['all']!.values.rank1!);
    expect(small.values.f1).toBeUndefined();
  });

  it('names the worst comparisons, worst first', () => {
    const impostors = findings.mistakes.filter(({ kind }) => kind === 'impostor');
    const genuine = findings.mistakes.filter(({ kind }) => kind === 'genuine');
    const all = pictures.flatMap((a, i) =>
      pictures.slice(0, i).map((b) => ({
        same: personOf(a) === personOf(b),
        score: dot(embeddings.get(a)!, embeddings.get(b)!),
      })),
    );
    const of = (same: boolean) => all.filter((pair) => pair.same === same).map(({ score }) => score);
    expect(impostors.map(({ score }) => score)).toEqual(
      of(false)
        .sort((a, b) => b - a)
        .slice(0, 12),
    );
    expect(genuine.map(({ score }) => score)).toEqual(
      of(true)
        .sort((a, b) => a - b)
        .slice(0, 12),
    );
    expect(personOf(genuine[0]!.first)).toBe(personOf(genuine[0]!.second));
  });
});

describe('F1 and its error rates', () => {
  it('take the threshold of each half of the people to the other half', () => {
    const embeddings = crowd(16, 3, 1.3);
    const trials = allPairTrials('set', { embeddings, similarity: dot });
    const { values } = figuresOf(trials, { splitSeed: 3, resamples: 0 });
    const half = halves(16, 3);
    const { scores, genuine } = trials.comparisons;
    const rows = (side: number) =>
      [...scores.keys()].filter((r) => half[trials.first[r]!] === side && half[trials.second[r]!] === side);
    const rates = (side: number, threshold: number) => {
      const share = (kind: number) => {
        const of = rows(side).filter((r) => genuine[r] === kind);
        return of.filter((r) => scores[r]! >= threshold).length / of.length;
      };
      return { tar: share(1), fmr: share(0) };
    };
    const f1 = ({ tar, fmr }: { tar: number; fmr: number }) => (2 * tar) / (tar + fmr + 1);
    const best = (side: number) => {
      const sorted = rows(side)
        .map((r) => scores[r]!)
        .sort((a, b) => b - a);
      const top = sorted.reduce((t, s) => (f1(rates(side, s)) > f1(rates(side, t)) ? s : t), sorted[0]!);
      return (top + (sorted[sorted.lastIndexOf(top) + 1] ?? top)) / 2;
    };
    const [one, other] = [rates(0, best(1)), rates(1, best(0))];
    expect(values.f1).toBeCloseTo((f1(one) + f1(other)) / 2, 12);
    expect(values.fmr).toBeCloseTo((one.fmr + other.fmr) / 2, 12);
    expect(values.fnmr).toBeCloseTo(1 - (one.tar + other.tar) / 2, 12);
  });

  it('the median rule of balanced pairs is F1 where half of them are accepted', () => {
    const embeddings = crowd(20, 3, 1.3);
    const trials = allPairTrials('set', { embeddings, similarity: dot });
    const { values } = figuresOf(trials, NONE);
    // As many impostors as genuine ones by weighting: find the threshold where TAR + FMR = 1 by hand.
    const { scores, genuine } = trials.comparisons;
    const share = (kind: number, t: number) => {
      const of = [...scores].filter((_, r) => genuine[r] === kind);
      return of.filter((s) => s >= t).length / of.length;
    };
    const threshold = [...scores].sort((a, b) => b - a).find((t) => share(0, t) + share(1, t) >= 1)!;
    const [tar, fmr] = [share(1, threshold), share(0, threshold)];
    expect(Math.abs(values.f1Median! - (2 * tar) / (tar + fmr + 1))).toBeLessThan(0.01);
  });
});

describe('drawn accessories and distractors', () => {
  const bare = crowd(10, 2, 0.3);
  const captures = new Map<string, Capture | null>(
    [...bare].map(([path, embedding], i) => [
      path,
      i === 5
        ? null
        : {
            embedding,
            yaw: 0,
            drawn: new Map(i === 4 ? [] : [['mask', embedding.map((v) => -v)] as const]),
          },
    ]),
  );

  it('leave out what could not be drawn on, and keep a face that was not found', () => {
    const drawn = drawnEmbeddingsOf(captures, 'mask');
    expect(drawn.size).toBe(19);
    expect([...drawn.values()].filter((v) => v === null)).toHaveLength(1);
  });

  it('stand on one side of each pair', () => {
    const compared = { embeddings: embeddingsOf(captures), similarity: dot };
    const plain = allPairTrials('set', compared);
    const masked = allPairTrials('set', { ...compared, probes: drawnEmbeddingsOf(captures, 'mask') });
    // Every drawn embedding is the bare one turned round: so is each score that has one.
    const score = (trials: typeof plain, a: number, b: number) =>
      trials.comparisons.scores[
        trials.firstPicture.findIndex((first, row) => first === a && trials.secondPicture[row] === b)
      ]!;
    expect(score(masked, 7, 2)).toBeCloseTo(-score(plain, 7, 2), 6);
    expect(masked.firstPicture.includes(4)).toBe(false);
    expect(masked.secondPicture.includes(4)).toBe(true);
    expect(score(masked, 5, 2)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('a stranger who looks like the probe takes the first rank', () => {
    const probe = [...bare.keys()].find((path) => path === 'p3/1.jpg')!;
    const compared = { embeddings: bare, similarity: dot };
    const rank = (trials: ReturnType<typeof allPairTrials>) =>
      trials.searches.filter(({ mate, bestOther }) => mate > bestOther).length;
    const alone = allPairTrials('set', compared);
    const crowded = allPairTrials('set', { ...compared, distractors: new Map([['x', bare.get(probe)!]]) });
    expect(crowded.gallerySize).toBe(alone.gallerySize + 1);
    expect(rank(crowded)).toBe(rank(alone) - 1);
    expect(crowded.comparisons.scores).toEqual(alone.comparisons.scores);
  });
});

describe('galleryRank', () => {
  it('enrols the picture that ranks lowest, wherever it stands, and changes no comparison', () => {
    const embeddings = crowd(9, 3, 1);
    const compared = { embeddings, similarity: dot };
    const last = allPairTrials('set', {
      ...compared,
      galleryRank: (path) => -Number(path.split('/')[1]![0]),
    });
    expect(last.comparisons.scores).toEqual(allPairTrials('set', compared).comparisons.scores);
    const score = (a: string, b: string) => dot(embeddings.get(a)!, embeddings.get(b)!);
    expect(last.searches).toHaveLength(18);
    for (const { picture, person, mate, bestOther } of last.searches) {
      const probe = last.pictures[picture]!;
      expect(probe.endsWith('/2.jpg')).toBe(false);
      expect(mate).toBe(score(probe, `p${person}/2.jpg`));
      const others = Array.from({ length: 9 }, (_, p) => p).filter((p) => p !== person);
      expect(bestOther).toBe(Math.max(...others.map((p) => score(probe, `p${p}/2.jpg`))));
    }
  });
});

describe('pairFindings with distractors', () => {
  const embeddings = crowd(40, 3, 1.1);
  const distractors = new Map([...crowd(300, 1, 0)].map(([path, v]) => [`other/${path}`, v]));
  const { groups } = pairFindings('set', {
    compared: { embeddings, distractors, similarity: dot },
    yaw: new Map(),
    accessory: new Map(),
    drawn: new Map(),
    gallerySizes: [],
    config: NONE,
  });
  const all = groups['all']!;
  const gallery = [...embeddings].filter(([path]) => path.endsWith('/0.jpg'));
  const searches = [...embeddings]
    .filter(([path]) => !path.endsWith('/0.jpg'))
    .map(([path, probe]) => {
      const own = gallery.find(([other]) => personOf(other) === personOf(path))!;
      const others = [...gallery.filter((entry) => entry !== own), ...distractors];
      return {
        mate: dot(probe, own[1]),
        // The search of a stranger: the same probe without the mate.
        stranger: Math.max(...others.map(([, vector]) => dot(probe, vector))),
      };
    });

  it('searches a gallery with all of them', () => {
    expect(all.gallerySize).toBe(340);
    const hits = searches.filter(({ mate, stranger }) => mate > stranger).length;
    expect(all.values.rank1).toBeCloseTo(hits / searches.length, 12);
  });

  it.each([
    ['fnirAtFpir1e1', 0.1],
    ['fnirAtFpir1e2', 0.01],
    ['fnirAtFpir1e3', 0.001],
  ] as const)('gives %s at the most lenient threshold, as a plain search does', (name, target) => {
    const rates = (threshold: number) => ({
      fpir: searches.filter(({ stranger }) => stranger >= threshold).length / searches.length,
      fnir:
        searches.filter(({ mate, stranger }) => !(mate > stranger && mate >= threshold)).length /
        searches.length,
    });
    const thresholds = searches.flatMap(({ mate, stranger }) => [mate, stranger]);
    const lowest = Math.min(...thresholds.filter((threshold) => rates(threshold).fpir <= target));
    expect(all.values[name]).toBeCloseTo(rates(lowest).fnir, 12);
  });
});

describe('spread', () => {
  it('takes pictures evenly over each person’s', () => {
    const paths = Array.from({ length: 12 }, (_, i) => `a/${i}.jpg`).concat('b/0.jpg', 'b/1.jpg');
    expect([...spread('set', paths, 3)]).toEqual(['a/0.jpg', 'a/4.jpg', 'a/8.jpg', 'b/0.jpg', 'b/1.jpg']);
    expect(spread('set', paths, Number.POSITIVE_INFINITY).size).toBe(14);
  });
});

describe('searchesOfSize', () => {
  it('draws others without replacement, as the hypergeometric law has it', () => {
    // One of ten others beats the mate: in a gallery of 1 + 4 it is drawn with probability 4/10.
    const others = Float64Array.from({ length: 10 }, (_, i) => (i === 7 ? 0.9 : i / 100));
    const search = { mate: 0.5, bestOther: 0.9, person: 0, picture: 0, others };
    const drawn = searchesOfSize([search], 5, { draws: 20_000, seed: 5 });
    const beaten = drawn.filter(({ bestOther }) => bestOther === 0.9).length / drawn.length;
    expect(beaten).toBeCloseTo(0.4, 1);
    expect(others[7]).toBe(0.9);
  });

  it('equals the whole gallery at its own size and refuses a larger one', () => {
    const trials = allPairTrials('set', { embeddings: crowd(8, 3, 1), similarity: dot, keepOthers: true });
    const whole = searchesOfSize(trials.searches, 8, { draws: 1, seed: 1 });
    expect(whole.map(({ bestOther }) => bestOther)).toEqual(
      trials.searches.map(({ bestOther }) => bestOther),
    );
    expect(() => searchesOfSize(trials.searches, 9)).toThrow(/8 people/);
  });
});

describe('joinEmbedders', () => {
  const fake = (width: number, seed: number): Embedder => ({
    embed: async (crops) =>
      crops.map(({ data }) => {
        const random = mulberry32(seed + data[0]!);
        const vector = Float32Array.from({ length: width }, () => random() - 0.5);
        const length = Math.sqrt(dot(vector, vector));
        return vector.map((v) => v / length);
      }),
    dispose: () => {},
  });
  const crops: AlignedCrop[] = [1, 2].map((v) => ({ data: new Uint8ClampedArray(3).fill(v), size: 1 }));

  it('scores the mean of its members’ scores and gives each member back', async () => {
    const members = [fake(6, 10), fake(9, 20), fake(6, 30)];
    const joint = joinEmbedders(members);
    const [a, b] = (await joint.embed(crops)) as [Float32Array, Float32Array];
    let sum = 0;
    for (const [index, member] of members.entries()) {
      const [one, other] = (await member.embed(crops)) as [Float32Array, Float32Array];
      sum += dot(one, other);
      const back = joint.part(a, index);
      expect(back).toHaveLength(one.length);
      back.forEach((v, i) => {
        expect(v).toBeCloseTo(one[i]!, 6);
      });
    }
    expect(dot(a, b)).toBeCloseTo(sum / 3, 6);
    expect(await joint.embed([])).toEqual([]);
  });
});

describe('differenceOf', () => {
  it('is nothing between equals, with no width, and the difference of the figures otherwise', () => {
    const trials = allPairTrials('set', { embeddings: crowd(12, 3, 1.2), similarity: dot });
    const same = differenceOf(trials, trials, { splitSeed: 1, resamples: 20 });
    expect(same.values.eer).toBe(0);
    expect(same.intervals.eer).toEqual({ low: 0, high: 0 });
    const random = mulberry32(4);
    const rough = new Map(
      [...crowd(12, 3, 1.2)].map(([path, v]) => [path, v.map((x) => x + 0.4 * (random() - 0.5))]),
    );
    const worse = allPairTrials('set', { embeddings: rough, similarity: dot });
    const wanted = figuresOf(worse, NONE).values.eer! - figuresOf(trials, NONE).values.eer!;
    expect(differenceOf(worse, trials, NONE).values.eer).toBeCloseTo(wanted, 12);
  });
});

describe('parseOutfits', () => {
  it('knows the shop’s words, in any order', () => {
    expect(parseOutfits('mask,cap+glasses,sunglasses+hat')).toEqual([
      'mask',
      'hat+glasses',
      'hat+sunglasses',
    ]);
    expect(() => parseOutfits('crown')).toThrow(/crown/);
  });
});

describe('worstMistakes', () => {
  it('leaves failed captures out', () => {
    const embeddings = new Map<string, Float32Array | null>(crowd(4, 2, 0.1));
    embeddings.set('p0/1.jpg', null);
    const mistakes = worstMistakes(allPairTrials('set', { embeddings, similarity: dot }), 50);
    expect(mistakes.some(({ first, second }) => [first, second].includes('p0/1.jpg'))).toBe(false);
    expect(mistakes.filter(({ kind }) => kind === 'genuine')).toHaveLength(3);
  });
});
