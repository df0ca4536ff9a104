import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { EMBEDDING_LAYER } from '@rounz/core/model/architecture.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { afterAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../../data/detector-models.ts';
import { packLastLayer, withTrainedLastLayer } from '../last-layer.ts';
import { blend, principal } from './blend.ts';
import { discriminant } from './discriminant.ts';
import { renderedDirections, withoutDirections } from './nuisance.ts';
import { ScatterSums } from './scatter.ts';

await useWasmBackend();

const SIZE = 6;
const rng = createRng(5);
const normal = () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());

/** People differ in the first values; what they wear moves the last ones, and far more. */
function crowd(people: number, each: number) {
  const rows: Float32Array[] = [];
  const names: string[] = [];
  const groups: string[] = [];
  for (let p = 0; p < people; p++) {
    const group = p % 2 === 0 ? 'studio' : 'street';
    const self = Array.from({ length: SIZE }, (_, d) => (d < 3 ? normal() : 0));
    for (let i = 0; i < each; i++) {
      rows.push(
        Float32Array.from(
          self,
          (value, d) => 10 + value + normal() * (d < 3 ? 0.3 : 4) + (group === 'street' && d === 2 ? 50 : 0),
        ),
      );
      names.push(String(p));
      groups.push(group);
    }
  }
  return { rows, names, groups };
}

const { rows, names, groups } = crowd(120, 8);
const sums = new ScatterSums(SIZE);
for (let start = 0; start < rows.length; start += 100)
  await sums.add(
    rows.slice(start, start + 100),
    names.slice(start, start + 100),
    groups.slice(start, start + 100),
  );
const scatters = await sums.finish();

/** The same scatters from their definition, pair of values by pair of values. */
function byDefinition(): { within: number[][]; between: number[][] } {
  const mean = (list: readonly ArrayLike<number>[], d: number) =>
    list.reduce((sum, row) => sum + row[d]!, 0) / list.length;
  const people = [...new Set(names)];
  const ofPerson = people.map((name) => rows.filter((_, i) => names[i] === name));
  const centres = ofPerson.map((list) => Array.from({ length: SIZE }, (_, d) => mean(list, d)));
  const side = people.map((name) => groups[names.indexOf(name)]!);
  const groupCentre = (group: string, d: number) =>
    mean(
      centres.filter((_, p) => side[p] === group),
      d,
    );
  const square = (value: (a: number, b: number) => number) =>
    Array.from({ length: SIZE }, (_, a) => Array.from({ length: SIZE }, (__, b) => value(a, b)));
  const within = square((a, b) => {
    let sum = 0;
    ofPerson.forEach((list, p) => {
      for (const row of list) sum += (row[a]! - centres[p]![a]!) * (row[b]! - centres[p]![b]!);
    });
    return sum / (rows.length - people.length);
  });
  const between = square((a, b) => {
    const sum = centres.reduce((total, centre, p) => {
      const about = (d: number) => centre[d]! - groupCentre(side[p]!, d);
      return total + about(a) * about(b);
    }, 0);
    return sum / people.length;
  });
  return { within, between };
}

describe('the scatters', () => {
  it('are those of their definition', () => {
    const wanted = byDefinition();
    for (let a = 0; a < SIZE; a++)
      for (let b = 0; b < SIZE; b++) {
        expect(scatters.within.get(a, b)).toBeCloseTo(wanted.within[a]![b]!, 3);
        expect(scatters.between.get(a, b)).toBeCloseTo(wanted.between[a]![b]!, 3);
      }
    expect(scatters).toMatchObject({ people: 120, vectors: 960 });
  });

  it('let a stranger of one picture count between people, and not within', async () => {
    const more = new ScatterSums(SIZE);
    await more.add(rows, names, groups);
    const far = Float32Array.from({ length: SIZE }, () => 1000);
    await more.add([far], ['stranger'], ['studio']);
    const { within, between, people } = await more.finish();
    expect(people).toBe(121);
    for (let d = 0; d < SIZE; d++) {
      expect(within.get(d, d) / scatters.within.get(d, d)).toBeCloseTo(1, 2);
      expect(between.get(d, d)).toBeGreaterThan(1000);
    }
  });

  it('need people with more than one picture', async () => {
    const few = new ScatterSums(SIZE);
    await few.add(rows.slice(0, 1), ['a'], ['studio']);
    await expect(few.finish()).rejects.toThrow(/at least two people/);
  });
});

describe('the discriminant layer', () => {
  const layer = discriminant(scatters, { size: 3, ridge: 0.1, tempering: 0 });
  const kernel = layer.directions;
  const regular = Matrix.add(scatters.within, Matrix.eye(SIZE, SIZE, (0.1 * scatters.within.trace()) / SIZE));

  it('whitens within people and solves B w = lambda (W + ridge) w', () => {
    const identity = kernel.transpose().mmul(regular).mmul(kernel);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) expect(identity.get(i, j)).toBeCloseTo(i === j ? 1 : 0, 4);
    const direct = new EigenvalueDecomposition(inverse(regular).mmul(scatters.between)).realEigenvalues;
    const largest = direct.sort((a, b) => b - a).slice(0, 3);
    largest.forEach((value, k) => {
      expect(layer.eigenvalues[k]).toBeCloseTo(value, 6);
    });
  });

  it('brings the directions to lambda^-tempering', () => {
    const tempered = discriminant(scatters, { size: 3, ridge: 0.1, tempering: 0.25 });
    for (let k = 0; k < 3; k++)
      expect(tempered.directions.get(0, k) / layer.directions.get(0, k)).toBeCloseTo(
        layer.eigenvalues[k]! ** -0.25,
        6,
      );
  });

  it('tells people apart whom the raw features confuse', () => {
    const far = (project: (row: Float32Array) => readonly number[]) => {
      const points = rows.map(project);
      const unit = points.map((point) => point.map((value) => value / Math.hypot(...point)));
      const score = (i: number, j: number) =>
        unit[i]!.reduce((sum, value, d) => sum + value * unit[j]![d]!, 0);
      const genuine: number[] = [];
      const impostor: number[] = [];
      for (let i = 0; i < 240; i++)
        for (let j = 0; j < i; j++)
          if (groups[i] === groups[j]) (names[i] === names[j] ? genuine : impostor).push(score(i, j));
      impostor.sort((a, b) => b - a);
      const threshold = impostor[Math.floor(impostor.length * 0.05)]!;
      return genuine.filter((value) => value > threshold).length / genuine.length;
    };
    const raw = far((row) => Array.from(row, (value, d) => value - scatters.mean[d]!));
    const fitted = far((row) =>
      [0, 1, 2].map((k) =>
        row.reduce((sum, value, d) => sum + (value - scatters.mean[d]!) * layer.directions.get(d, k), 0),
      ),
    );
    expect(raw).toBeLessThan(0.3);
    expect(fitted).toBeGreaterThan(raw + 0.3);
  });

  it('says how many directions there can be', () => {
    expect(() => discriminant(scatters, { size: 7, ridge: 0.1, tempering: 0 })).toThrow(/at most 6/);
  });
});

describe('the blend', () => {
  const trained = new Matrix(Array.from({ length: SIZE }, () => [normal(), normal(), normal()]));
  const { directions } = discriminant(scatters, { size: 2, ridge: 0.1, tempering: 0.25 });
  const kept = principal(trained, scatters.total, 2);
  const layer = blend(kept, directions, 0.3, scatters);
  const outputs = rows.map((row) =>
    Array.from(layer.bias, (bias, k) =>
      row.reduce((sum, value, d) => sum + value * layer.kernel[d * 4 + k]!, bias),
    ),
  );

  it('is zero on average and gives each part its share of the squared length', () => {
    const share = (columns: readonly number[]) =>
      outputs.reduce((sum, row) => sum + columns.reduce((part, k) => part + row[k]! ** 2, 0), 0) /
      rows.length;
    for (let k = 0; k < 4; k++)
      expect(outputs.reduce((sum, row) => sum + row[k]!, 0) / rows.length).toBeCloseTo(0, 3);
    expect(share([0, 1])).toBeCloseTo(0.3, 3);
    expect(share([2, 3])).toBeCloseTo(0.7, 3);
  });

  it('keeps the directions of most variance, uncorrelated', () => {
    const covariance = kept.transpose().mmul(scatters.total).mmul(kept);
    expect(covariance.get(0, 1) / covariance.get(0, 0)).toBeCloseTo(0, 6);
    const all = trained.transpose().mmul(scatters.total).mmul(trained);
    const wanted = new EigenvalueDecomposition(all).realEigenvalues.sort((a, b) => b - a);
    expect(covariance.get(0, 0) / wanted[0]!).toBeCloseTo(1, 6);
    expect(covariance.get(1, 1) / wanted[1]!).toBeCloseTo(1, 6);
  });
});

describe('what makes a rendered face', () => {
  const plain = () => {
    const { directions } = discriminant(scatters, { size: 3, ridge: 0.01, tempering: 0.25 });
    return blend(directions, directions, 0.5, scatters);
  };
  const through = ({ kernel, bias }: ReturnType<typeof plain>, row: ArrayLike<number>) =>
    Array.from(bias, (start, k) => {
      let sum = start;
      for (let d = 0; d < SIZE; d++) sum += row[d]! * kernel[d * bias.length + k]!;
      return sum;
    });
  const far = (a: number[], b: number[]) => Math.hypot(...a.map((value, k) => value - b[k]!));
  const mean = (value: number) => Float64Array.from({ length: SIZE }, (_, d) => (d === 2 ? value : 1));

  it('is how far the rendered sets lie from the photographed ones', () => {
    const groups = new Map([
      ['lfw', mean(2)],
      ['celeba', mean(4)],
      ['rendered', mean(13)],
    ]);
    expect(renderedDirections(groups)).toEqual([Float64Array.of(0, 0, 10, 0, 0, 0)]);
    groups.delete('rendered');
    expect(renderedDirections(groups)).toEqual([]);
    expect(renderedDirections(new Map([['rendered', mean(13)]]))).toEqual([]);
  });

  it('moves nothing any more, while the mean stays at zero and people stay apart', () => {
    const direction = Float64Array.of(1, 0, 25, 0, 0, 3);
    const [before, after] = [plain(), withoutDirections(plain(), [direction], scatters.mean)];
    const moved = Array.from(rows[0]!, (value, d) => value + direction[d]!);
    expect(far(through(before, rows[0]!), through(before, moved))).toBeGreaterThan(0.5);
    expect(far(through(after, rows[0]!), through(after, moved))).toBeLessThan(1e-4);
    for (const value of through(after, scatters.mean)) expect(value).toBeCloseTo(0, 4);
    // Two people of one set.
    expect(far(through(after, rows[0]!), through(after, rows[16]!))).toBeGreaterThan(0.05);
  });

  it('leaves the layer alone where there is no such direction', () => {
    const layer = plain();
    expect(withoutDirections(layer, [], scatters.mean)).toBe(layer);
  });
});

describe('the layer as training left it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'last-layer-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const weights = new Map([
    ['stem.kernel', { shape: [1], data: new Float32Array([7]) }],
    [`${EMBEDDING_LAYER}.kernel`, { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) }],
    [`${EMBEDDING_LAYER}.bias`, { shape: [2], data: new Float32Array([5, 6]) }],
  ]);
  const { entry, files } = packLastLayer(weights, 'float32');
  const manifest = { training: { lastLayer: entry } } as Manifest;

  it('comes back in place of the one computed anew', () => {
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const anew = new Map(weights).set(`${EMBEDDING_LAYER}.kernel`, {
      shape: [2, 2],
      data: new Float32Array(4),
    });
    expect(withTrainedLastLayer(folder, manifest, anew)).toEqual(weights);
  });

  it('is refused where its file is damaged', () => {
    const path = join(folder, entry.file.path);
    const bytes = readFileSync(path);
    bytes[0] = bytes[0]! ^ 1;
    writeFileSync(path, bytes);
    expect(() => withTrainedLastLayer(folder, manifest, weights)).toThrow(/does not hash/);
  });
});
