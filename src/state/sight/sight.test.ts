import type { PictureLook } from '@rounz/core/picture-look.ts';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../vision/protocol.ts';
import { sightConfig as config } from './config.ts';
import { addLook, changeOf, noScene, readView, type SceneMean, type View } from './scene.ts';
import { initialSight, type SightModel, see } from './sight.ts';

const good: PictureLook = { luma: 120, contrast: 40, focus: 0.3, print: 1, scene: [] };

/** Looks once a second for so long; the print changes unless it is given. */
function watch(seconds: number, over: Partial<PictureLook> = {}, turned?: Turn, from = initialSight) {
  let model: SightModel = from;
  for (let second = 0; second <= seconds; second++) {
    const look = { ...good, print: second, ...over };
    model = see(model, { look, ...(turned === undefined ? {} : { turned }) }, second * 1_000, config);
  }
  return model;
}

describe('sight', () => {
  it('finds nothing wrong with a picture that lives', () => {
    expect(watch(300).problem).toBeNull();
  });

  it.each([
    ['dark', { luma: 2, contrast: 0.5 }],
    ['covered', { luma: 90, contrast: 0.4 }],
    ['frozen', { print: 7 }],
    ['blurred', { focus: 0.01 }],
  ] as const)('tells of a %s picture after 30 s, and not before', (problem, over) => {
    expect(watch(29, over).problem).toBeNull();
    const found = watch(32, over);
    expect(found.problem).toBe(problem);
    // One good picture ends it.
    expect(see(found, { look: { ...good, print: 999 } }, 33_000, config).problem).toBeNull();
  });

  it('does not call a picture frozen that is black, nor blurred that is plain', () => {
    expect(watch(40, { luma: 0, contrast: 0, focus: 0, print: 7 }).problem).toBe('dark');
    expect(watch(40, { contrast: 5, focus: 0.01 }).problem).toBeNull();
  });

  it.each([90, 180, 270] as const)('tells of a stream that is turned by %i degrees', (turn) => {
    expect(watch(10, {}, turn)).toMatchObject({ problem: 'turned', turn });
    expect(watch(5, {}, turn).problem).toBeNull();
  });

  it('does not take a head that is laid on its side now and then for a turned stream', () => {
    let model = watch(10, {}, 0);
    for (let i = 0; i < 6; i++) model = see(model, { look: good, turned: 90 }, 11_000 + i * 1_000, config);
    expect(model.problem).toBeNull();
  });
});

const scene = (seed: number): number[] =>
  Array.from({ length: 48 }, (_, i) => 128 + 100 * Math.sin(seed + i * (1 + seed)));
const seen = (values: readonly number[]): SceneMean => {
  let mean = noScene;
  for (let i = 0; i < config.sceneLooks; i++) mean = addLook(mean, { ...good, scene: values }, config);
  return mean;
};

describe('the view of set-up', () => {
  const camera = { label: 'Cam', width: 640, height: 480 };
  const view: View = { ...camera, scene: scene(1), at: '2026-11-28T00:00:00.000Z' };

  it('is known again under another light', () => {
    const brighter = scene(1).map((value) => 20 + value / 2);
    expect(changeOf(view, camera, seen(brighter), config)).toBeNull();
  });

  it('is told from another one, and not before enough was seen', () => {
    expect(changeOf(view, camera, seen(scene(2)), config)).toBe('scene');
    expect(changeOf(view, camera, { ...seen(scene(2)), looks: 10 }, config)).toBeNull();
  });

  it('tells of another camera and another size at once', () => {
    expect(changeOf(view, { ...camera, label: 'Other' }, noScene, config)).toBe('camera');
    expect(changeOf(view, { ...camera, width: 1280 }, noScene, config)).toBe('size');
  });

  it('learns nothing from black pictures', () => {
    expect(addLook(noScene, { ...good, luma: 1, scene: scene(1) }, config)).toBe(noScene);
  });

  it('takes a damaged note for none', () => {
    for (const text of [null, '', '{}', '{"label":"Cam"}', JSON.stringify({ ...view, scene: [1] })])
      expect(readView(text)).toBeNull();
    expect(readView(JSON.stringify({ ...view, scene: view.scene.map(Math.round) }))).not.toBeNull();
  });
});
