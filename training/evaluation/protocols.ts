import type { Embeddings } from './collect.ts';
import { type FigureConfig, type Figures, figuresOf, identificationOf } from './figures.ts';
import { type Mistake, worstMistakes } from './mistakes.ts';
import { YAW_BINS, yawBin, yawBinOfPair } from './pose-bins.ts';
import type { Probe } from './probe-list.ts';
import { searchesOfSize } from './smaller-gallery.ts';
import { allPairTrials, type Compared, probeTrials, selectTrials, type Trials } from './trials.ts';

/** How many of the worst comparisons of each kind are kept. */
const MISTAKES = 12;

/** What a protocol found. */
export interface Findings {
  /** `all`, and each accessory, pose, drawn outfit and gallery size */
  readonly groups: Readonly<Record<string, Figures>>;
  readonly mistakes: readonly Mistake[];
}

/** What is measured and how finely. */
export interface Measured {
  readonly compared: Compared;
  /** radians by picture; null where not known */
  readonly yaw: ReadonlyMap<string, number | null>;
  /** probe sides with accessories drawn on, by outfit */
  readonly drawn: ReadonlyMap<string, Embeddings>;
  /** galleries to report beside the whole one, people */
  readonly gallerySizes: readonly number[];
  readonly config: FigureConfig;
}

/** By the turn of the head of the picture turned further; searches by the probe's. */
function poseGroups(trials: Trials, { yaw, config }: Measured): Record<string, Figures> {
  const of = (picture: number) => yaw.get(trials.pictures[picture]!);
  const bins = YAW_BINS.flatMap((bin) => {
    const part = selectTrials(
      trials,
      (row) => yawBinOfPair(of(trials.firstPicture[row]!), of(trials.secondPicture[row]!)) === bin,
      ({ picture }) => yawBin(of(picture)) === bin,
    );
    return part ? [[bin, figuresOf(part, config)] as const] : [];
  });
  return Object.fromEntries(bins);
}

function sizeGroups(trials: Trials, { gallerySizes, config }: Measured): Record<string, Figures> {
  return Object.fromEntries(
    gallerySizes.map((size) => [
      `gallery of ${size}`,
      identificationOf(searchesOfSize(trials.searches, size), trials.people, size, config),
    ]),
  );
}

/** Probes against a gallery of one bare picture of each person: everything, and by accessory, pose and gallery size. */
export function probeFindings(probes: readonly Probe[], measured: Measured): Findings {
  const compared = { ...measured.compared, keepOthers: measured.gallerySizes.length > 0 };
  const trials = probeTrials(probes, probes, compared);
  const accessories = [...new Set(probes.flatMap((probe) => probe.accessories))].sort();
  const worn = accessories.map((accessory) => {
    const group = probes.filter((probe) => probe.accessories.includes(accessory));
    return [accessory, figuresOf(probeTrials(group, probes, measured.compared), measured.config)] as const;
  });
  return {
    groups: {
      all: figuresOf(trials, measured.config),
      ...Object.fromEntries(worn),
      ...poseGroups(trials, measured),
      ...sizeGroups(trials, measured),
    },
    mistakes: worstMistakes(trials, MISTAKES),
  };
}

/** All pairs of a set: everything, by pose, with drawn accessories on one side of each pair, and by gallery size. */
export function pairFindings(set: string, measured: Measured): Findings {
  const compared = { ...measured.compared, keepOthers: measured.gallerySizes.length > 0 };
  const trials = allPairTrials(set, compared);
  const drawn = [...measured.drawn].map(([outfit, probes]) => [
    `drawn ${outfit}`,
    figuresOf(allPairTrials(set, { ...measured.compared, probes }), measured.config),
  ]);
  return {
    groups: {
      all: figuresOf(trials, measured.config),
      ...poseGroups(trials, measured),
      ...Object.fromEntries(drawn),
      ...sizeGroups(trials, measured),
    },
    mistakes: worstMistakes(trials, MISTAKES),
  };
}
