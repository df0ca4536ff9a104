import { type ImpostorSummary, impostorScores, summaryOf } from './impostors.ts';
import { dequantise, dotQuantised, type QuantisedTemplate } from './protect.ts';
import { createKernel, type ScanKernel } from './scan/kernel.ts';
import { cosineScore } from './score.ts';
import type { Candidate } from './template.ts';

/** How the index searches. */
export interface IndexConfig {
  /** rows scanned at a time; 1,024..65,536: their dot products stay in the processor's cache */
  readonly block: number;
  /** best rows of the int8 scan that are scored again in float; 2.. The scan's error is about 4e-4, so the true best two are
   * among them unless as many people score within that of each other */
  readonly rescored: number;
}

export const INDEX: IndexConfig = { block: 4096, rescored: 64 };

/** Largest value of an int16 probe. 4,096 values * 127 * 4,095 stays below 2^31, the kernel's sums. */
const PROBE_LIMIT = 4095;
const WIDTH_LIMIT = 4096;
/** bytes that the kernel takes at a time */
const STRIDE_STEP = 32;
const ROW_STEP = 4096;

export interface IndexRow {
  readonly personId: string;
  readonly template: QuantisedTemplate;
}

/** Rows, column by column: the planes of one row follow those of the row before. */
export interface IndexBlock {
  readonly personIds: readonly string[];
  readonly scales: Float32Array;
  readonly high: Int8Array;
  /** null: they follow by `putLow`; until then the high planes alone give a score within some 4e-4 of the exact one */
  readonly low: Int8Array | null;
}

/** A removed row was replaced: `from` was the last row. */
export interface Moved {
  readonly from: number;
  readonly to: number;
}

/**
 * Kept templates, ready to be searched: int8 rows in the kernel's memory, their low plane beside it for rescoring. Rows are
 * added at the end and removed by moving the last one into the hole, so that neither copies the others. Each person has one:
 * a person with several templates is added with their sum (`fuseTemplates`).
 */
export class TemplateIndex {
  readonly width: number;
  readonly kernel: ScanKernel;
  readonly #config: IndexConfig;
  readonly #stride: number;
  readonly #out: number;
  readonly #rows: number;
  readonly #people: string[] = [];
  readonly #rowOf = new Map<string, number>();
  #scales = new Float32Array(ROW_STEP);
  /** of each `ROW_STEP` rows; null: none of them has come */
  readonly #low: (Int8Array | null)[] = [];
  readonly #noLow: Int8Array;
  /** undefined: not computed since the rows changed */
  #impostors: ImpostorSummary | null | undefined;

  /** @param width values of an embedding, 1..4096 */
  constructor(width: number, kernel: ScanKernel = createKernel(), config: IndexConfig = INDEX) {
    if (!(width >= 1 && width <= WIDTH_LIMIT))
      throw new RangeError(`An index takes 1 to ${WIDTH_LIMIT} values for each template; got ${width}.`);
    this.width = width;
    this.kernel = kernel;
    this.#config = config;
    this.#stride = Math.ceil(width / STRIDE_STEP) * STRIDE_STEP;
    this.#out = this.#stride * 2;
    this.#rows = this.#out + config.block * 4;
    this.#noLow = new Int8Array(width);
    kernel.reserve(this.#rows);
  }

  /** Rows, and so people. */
  get length(): number {
    return this.#people.length;
  }
  has(personId: string): boolean {
    return this.#rowOf.has(personId);
  }

  /** Makes room for rows to come, so that adding them one by one copies nothing. */
  reserve(rows: number): void {
    this.kernel.reserve(this.#rows + rows * this.#stride);
    if (rows > this.#scales.length) {
      const scales = new Float32Array(Math.max(rows, this.#scales.length * 2));
      scales.set(this.#scales);
      this.#scales = scales;
    }
    while (this.#low.length * ROW_STEP < rows) this.#low.push(null);
  }

  /** @returns the row's place. @throws RangeError where the template has another width, or the person has a row already */
  add({ personId, template }: IndexRow): number {
    if (template.high.length !== this.width || template.low.length !== this.width)
      throw new RangeError(
        `A template of ${template.high.length} values does not fit an index of ${this.width}.`,
      );
    if (this.has(personId)) throw alreadyThere(personId);
    const row = this.length;
    this.#impostors = undefined;
    this.reserve(row + 1);
    this.#people.push(personId);
    this.#write(row, template);
    this.#rowOf.set(personId, row);
    return row;
  }

  /** Adds rows in their order, ten times as fast as one by one. @throws RangeError as `add`, with those before it added */
  addAll({ personIds, scales, high, low }: IndexBlock): void {
    const { width } = this;
    const first = this.length;
    const count = personIds.length;
    if (scales.length !== count || [high, low].some((plane) => plane && plane.length !== count * width))
      throw new RangeError(`${count} rows do not fit an index of ${width} values each.`);
    this.#impostors = undefined;
    this.reserve(first + count);
    this.#scales.set(scales, first);
    this.#writeHigh(first, high);
    if (low) this.#writeLow(first, low);
    for (const personId of personIds) {
      if (this.has(personId)) throw alreadyThere(personId);
      this.#rowOf.set(personId, this.length);
      this.#people.push(personId);
    }
  }

  /** Low planes of rows that were added without. @throws RangeError where there are no such rows */
  putLow(first: number, low: Int8Array): void {
    const count = low.length / this.width;
    if (!Number.isInteger(count) || first < 0 || first + count > this.length)
      throw new RangeError(
        `Low planes of ${count} rows do not fit ${this.length} rows from row ${first} on.`,
      );
    this.#impostors = undefined;
    this.#writeLow(first, low);
  }

  /** Removes a person's row. @returns the row that moved into its place; null if none did */
  remove(personId: string): Moved | null {
    const row = this.#rowOf.get(personId);
    if (row === undefined) return null;
    this.#rowOf.delete(personId);
    this.#impostors = undefined;
    const from = this.length - 1;
    const owner = this.#people.pop()!;
    if (row === from) return null;
    this.#write(row, this.#read(from));
    this.#people[row] = owner;
    this.#rowOf.set(owner, row);
    return { from, to: row };
  }

  /** One row as it was added. */
  row(row: number): IndexRow {
    const { scale, high, low } = this.#read(row);
    return {
      personId: this.#people[row]!,
      template: { scale, high: high.slice(), low: low.slice() },
    };
  }

  /** Cosine of two people's templates; null where one of them has no row. */
  score(first: string, second: string): number | null {
    const [a, b] = [this.#rowOf.get(first), this.#rowOf.get(second)];
    if (a === undefined || b === undefined) return null;
    return cosineScore(dequantise(this.#read(a)), dequantise(this.#read(b)));
  }

  /** Scores between the people who have a row, summed up: computed once after the rows have changed. Null: fewer than two people */
  impostors(): ImpostorSummary | null {
    if (this.#impostors === undefined) {
      const templateAt = (row: number) => dequantise(this.#read(row));
      this.#impostors = summaryOf(impostorScores(this.length, templateAt, cosineScore));
    }
    return this.#impostors;
  }

  /**
   * The best people, best first: int8 scan of all rows, then float scores of the best ones.
   *
   * @param probe unit length, in the space of the rows
   * @param count people wanted, 1..
   * @param without people who are left out
   */
  search(probe: Float32Array, count: number, without: ReadonlySet<string> = new Set()): readonly Candidate[] {
    const top = new TopRows(this.#config.rescored + without.size);
    this.#load(probe);
    for (let start = 0; start < this.length; start += this.#config.block) this.#scanBlock(start, top);
    return this.#rescored(probe, top.rows(), count, without);
  }

  #load(probe: Float32Array): void {
    if (probe.length !== this.width)
      throw new RangeError(
        `A probe of ${probe.length} values cannot be compared with templates of ${this.width}.`,
      );
    let largest = 0;
    for (const value of probe) largest = Math.max(largest, Math.abs(value));
    if (!(largest > 0 && Number.isFinite(largest)))
      throw new RangeError('A probe of zeros or of values that are no numbers cannot be searched for.');
    const place = new Int16Array(this.kernel.memory(), 0, this.#stride);
    for (let i = 0; i < this.width; i++) place[i] = Math.round((probe[i]! / largest) * PROBE_LIMIT);
  }

  #scanBlock(start: number, top: TopRows): void {
    const count = Math.min(this.#config.block, this.length - start);
    this.kernel.scan(this.#rows + start * this.#stride, count, this.#stride, 0, this.#out);
    const dots = new Int32Array(this.kernel.memory(), this.#out, count);
    // The probe's own scale is common to all rows, so the order needs none.
    for (let i = 0; i < count; i++) top.offer(dots[i]! * this.#scales[start + i]!, start + i);
  }

  #rescored(
    probe: Float32Array,
    rows: readonly number[],
    count: number,
    without: ReadonlySet<string>,
  ): Candidate[] {
    const ranked = rows
      .filter((row) => !without.has(this.#people[row]!))
      .map((row) => ({
        personId: this.#people[row]!,
        score: dotQuantised(probe, this.#read(row)),
      }));
    return ranked.sort((a, b) => b.score - a.score).slice(0, count);
  }

  #read(row: number): QuantisedTemplate {
    const low = this.#low[Math.floor(row / ROW_STEP)];
    const at = (row % ROW_STEP) * this.width;
    return {
      scale: this.#scales[row]!,
      high: new Int8Array(this.kernel.memory(), this.#rows + row * this.#stride, this.width),
      low: low ? low.subarray(at, at + this.width) : this.#noLow,
    };
  }

  /** High planes of one row or several. */
  #writeHigh(row: number, high: Int8Array): void {
    const { width } = this;
    const stride = this.#stride;
    const memory = this.kernel.memory();
    const at = this.#rows + row * stride;
    if (stride === width) new Int8Array(memory, at, high.length).set(high);
    else
      for (let i = 0; i * width < high.length; i++)
        new Int8Array(memory, at + i * stride, width).set(high.subarray(i * width, (i + 1) * width));
  }

  #write(row: number, { scale, high, low }: QuantisedTemplate): void {
    this.#scales[row] = scale;
    this.#writeHigh(row, high);
    this.#writeLow(row, low);
  }

  /** Low planes of one row or several. */
  #writeLow(row: number, low: Int8Array): void {
    const { width } = this;
    const count = low.length / width;
    for (let done = 0; done < count; ) {
      const step = Math.floor((row + done) / ROW_STEP);
      const at = (row + done) % ROW_STEP;
      const some = Math.min(count - done, ROW_STEP - at);
      this.#low[step] ??= new Int8Array(ROW_STEP * width);
      this.#low[step].set(low.subarray(done * width, (done + some) * width), at * width);
      done += some;
    }
  }
}

const alreadyThere = (personId: string): RangeError =>
  new RangeError(`${personId} has a row already: one person is searched by one template.`);

/** The best `limit` rows seen: a binary heap whose root is the worst of them. */
class TopRows {
  readonly #limit: number;
  readonly #scores: number[] = [];
  readonly #rows: number[] = [];
  #floor = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(score: number, row: number): void {
    if (score <= this.#floor) return;
    if (this.#scores.length < this.#limit) {
      this.#scores.push(score);
      this.#rows.push(row);
      this.#rise(this.#scores.length - 1);
    } else {
      this.#scores[0] = score;
      this.#rows[0] = row;
      this.#sink();
    }
    if (this.#scores.length === this.#limit) this.#floor = this.#scores[0]!;
  }

  rows(): readonly number[] {
    return this.#rows;
  }

  #swap(a: number, b: number): void {
    [this.#scores[a], this.#scores[b]] = [this.#scores[b]!, this.#scores[a]!];
    [this.#rows[a], this.#rows[b]] = [this.#rows[b]!, this.#rows[a]!];
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#scores[parent]! <= this.#scores[at]!) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#scores.length && this.#scores[child]! < this.#scores[least]!) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}
