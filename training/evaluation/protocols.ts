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
  /** what all of it was counted from */
  readonly trials: Trials;
}

/** What is measured and how finely. */
export interface Measured {
  readonly compared: Compared;
  /** radians by picture; null where not known */
  readonly yaw: ReadonlyMap<string, number | null>;
  /** what is worn, `bare` for nothing, by picture; a picture that it lacks is of no such group */
  readonly accessory: ReadonlyMap<string, string>;
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

/** What a picture that wears nothing is called, as K-FACE's S001. */
const BARE = 'bare';

/** The accessory of a pair of which one picture is bare: what the other wears; null for two that both wear something. */
function accessoryOfPair(one: string | undefined, other: string | undefined): string | null {
  if (one === undefined || other === undefined) return null;
  if (one !== BARE && other !== BARE) return null;
  return one === BARE ? other : one;
}

/** Pairs of a bare picture with each accessory, and of two bare ones; searches by what the probe wears. */
function accessoryGroups(trials: Trials, { accessory, config }: Measured): Record<string, Figures> {
  const of = (picture: number) => accessory.get(trials.pictures[picture]!);
  const groups = [...new Set(accessory.values())].sort().flatMap((worn) => {
    const part = selectTrials(
      trials,
      (row) => accessoryOfPair(of(trials.firstPicture[row]!), of(trials.secondPicture[row]!)) === worn,
      ({ picture }) => of(picture) === worn,
    );
    return part ? [[worn, figuresOf(part, config)] as const] : [];
  });
  return Object.fromEntries(groups);
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
    trials,
  };
}

/**
 * All pairs of a set: everything, by accessory where the set says it, by pose, with drawn accessories on one side of each pair,
 * and by gallery size.
 */
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
      ...accessoryGroups(trials, measured),
      ...poseGroups(trials, measured),
      ...Object.fromEntries(drawn),
      ...sizeGroups(trials, measured),
    },
    mistakes: worstMistakes(trials, MISTAKES),
    trials,
  };
}
