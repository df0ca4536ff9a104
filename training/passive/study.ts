import type { HostWeights } from '@rounz/core/model/weights.ts';
import type { AttackKind } from './config.ts';
import { asShipped } from './export.ts';
import { FIT, type FitConfig, fitPassive, scoresOf } from './fit.ts';
import { CHOSEN_BPCER, type Scored, thresholdFor } from './rates.ts';
import type { ShotRecord, ShotSet } from './set.ts';

/** Of each so many frames of the training half one chooses the threshold and is not learnt from. */
const HELD_EVERY = 7;

/** A fitted network, its threshold, and the test half's scores. */
export interface Fitted {
  readonly weights: HostWeights;
  readonly threshold: number;
  readonly scored: readonly Scored[];
}

/**
 * Fits on the training half, chooses the threshold on visits of it that were not learnt from, and scores the test half by the
 * weights as they are shipped.
 *
 * @param without a kind of attack that is not learnt, with its videos
 */
export async function fitAndScore(
  train: ShotSet,
  test: ShotSet,
  without: AttackKind | null,
  onEpoch: (epoch: number, loss: number) => void,
  config: FitConfig = FIT,
): Promise<Fitted> {
  const known = train.records.filter(({ row, shot }) => row !== null && shot.kind !== without);
  const isHeld = ({ shot }: ShotRecord) => (shot.seed >> 1) % HELD_EVERY === 0;
  const examples = known
    .filter((record) => !isHeld(record))
    .map(({ row, shot }) => ({ views: train.views(row!), attack: shot.kind !== 'visit' }));
  const weights = asShipped(await fitPassive(examples, config, onEpoch));
  const visits = known.filter((record) => isHeld(record) && record.shot.kind === 'visit');
  const held = await scoresOf(
    weights,
    visits.map(({ row }) => train.views(row!)),
  );
  const threshold = Math.round(thresholdFor([...held], CHOSEN_BPCER) * 100) / 100;
  return { weights, threshold, scored: await scoreAll(weights, test) };
}

/** The scores of a set's frames. */
export async function scoreAll(weights: HostWeights, test: ShotSet): Promise<Scored[]> {
  const found = test.records.filter(({ row }) => row !== null);
  const scores = await scoresOf(
    weights,
    found.map(({ row }) => test.views(row!)),
  );
  const byShot = new Map(found.map(({ shot }, index) => [shot, scores[index]!]));
  return test.records.map(({ shot }) => ({ shot, score: byShot.get(shot) ?? null }));
}
