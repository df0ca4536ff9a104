import type { HostTensor } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { semiSiameseLoss } from '../../loss/semi-siamese.ts';
import type { LossConfig } from '../../recipes/schema.ts';
import type { Sample } from '../../samples/samples.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

type SemiSiameseConfig = Exclude<LossConfig['semiSiamese'], undefined>;

const ROWS = 'semiSiamese.prototypes';
const OWNERS = 'semiSiamese.owners';
/** An empty row of the queue. */
const NOBODY = -1;

/** A person's number, the same in every run: 24 bits of FNV-1a, which float32 holds exactly. */
function numberOf(person: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < person.length; i++) hash = Math.imul(hash ^ person.charCodeAt(i), 0x01000193);
  return hash >>> 8;
}

/** Semi-siamese training: a queue of prototypes that the averaged network makes, newest over oldest. */
export class PrototypeTerm implements LossTerm {
  private readonly config: SemiSiameseConfig;
  private readonly width: number;
  private readonly rows: Float32Array;
  private readonly owners: Float32Array;
  private next = 0;
  /** row of each picture's partner of the last `offer`; -1 for a picture of nobody known */
  private partners: readonly number[] = [];

  constructor(config: SemiSiameseConfig, width: number, restored?: ReadonlyMap<string, HostTensor>) {
    this.config = config;
    this.width = width;
    this.rows = new Float32Array(config.queue * width);
    this.owners = new Float32Array(config.queue).fill(NOBODY);
    const [rows, owners] = [restored?.get(ROWS), restored?.get(OWNERS)];
    if (rows?.data.length === this.rows.length && owners?.data.length === config.queue + 1) {
      this.rows.set(rows.data);
      this.owners.set(owners.data.subarray(0, config.queue));
      this.next = owners.data[config.queue]!;
    }
  }

  variables() {
    return NO_VARIABLES;
  }

  state(): Map<string, tf.Tensor> {
    return new Map<string, tf.Tensor>([
      [ROWS, tf.tensor2d(this.rows.slice(), [this.config.queue, this.width])],
      [OWNERS, tf.tensor1d([...this.owners, this.next])],
    ]);
  }

  /** Each picture's prototype is its person's next other picture of the batch, or itself where there is none. */
  async offer(gallery: tf.Tensor2D, samples: readonly Sample[]): Promise<void> {
    const values = await gallery.data();
    const rowOf = samples.map(({ person }, i) => {
      if (person === null) return NOBODY;
      const row = this.next;
      this.rows.set(values.subarray(i * this.width, (i + 1) * this.width), row * this.width);
      this.owners[row] = numberOf(person);
      this.next = (this.next + 1) % this.config.queue;
      return row;
    });
    this.partners = samples.map(({ person }, i) => {
      if (person === null) return NOBODY;
      const mates = samples.flatMap((other, j) => (j !== i && other.person === person ? [j] : []));
      return rowOf[mates.find((j) => j > i) ?? mates[0] ?? i]!;
    });
  }

  losses({ embeddings, samples }: TermContext): TermValue[] {
    const filled = this.owners.indexOf(NOBODY);
    const count = filled === -1 ? this.config.queue : filled;
    const rowsOf = new Map<number, number[]>();
    this.owners.subarray(0, count).forEach((owner, row) => {
      const rows = rowsOf.get(owner);
      if (rows) rows.push(row);
      else rowsOf.set(owner, [row]);
    });
    const sameRows = samples.map(({ person }) =>
      person === null ? [] : (rowsOf.get(numberOf(person)) ?? []),
    );
    const prototypes = tf.tensor2d(this.rows.slice(0, count * this.width), [count, this.width]);
    const value = semiSiameseLoss(embeddings, prototypes, this.partners, sameRows, this.config);
    return [{ name: 'semiSiamese', value, weight: this.config.weight }];
  }
}
