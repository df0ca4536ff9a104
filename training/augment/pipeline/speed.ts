import { createRng } from '@rounz/core/math/random.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { sampleMesh } from '../../cache/sample-mesh.ts';
import { AUGMENT_PRESETS, type AugmentConfig, OUTFITS, type Outfit } from '../config.ts';
import { CROP_BYTES, createAugmenter } from './pipeline.ts';

/** What is augmented. */
export interface SpeedFace {
  readonly crop: Uint8Array;
  readonly mesh: Float32Array;
}

/** How long a picture takes, milliseconds, one thread. Processor time is what counts beside a trainer. */
export interface AugmentTime {
  /** preset or outfit */
  readonly what: string;
  /** side of the result, pixels */
  readonly size: number;
  readonly wall: number;
  readonly processor: number;
}

const SIZES = [112, 96, 80, 64] as const;
const PRESETS = ['none', 'light', 'full'] as const;
/** Most faces of a set that are read. */
const FACES = 100;
/** An outfit is measured on a share of the pictures. */
const OUTFIT_SHARE = 1 / 4;

/** Noise with a mean mesh: for machines without a cache. */
export function noiseFace(): SpeedFace {
  const rng = createRng(1);
  return { crop: Uint8Array.from({ length: CROP_BYTES }, () => rng.below(256)), mesh: sampleMesh() };
}

/** The first faces of a set of the cache. @throws Error where there is no such set */
export function facesOf(cache: string, name: string): SpeedFace[] {
  const [set] = openAlignedSets(cache, [name]);
  if (set === undefined) throw new Error(`There is no set ${name} in ${cache}.`);
  const count = Math.min(FACES, set.count);
  const faces = Array.from({ length: count }, (_, i) => ({ crop: set.readCrop(i), mesh: set.readMesh(i) }));
  set.close();
  return faces;
}

/** Each preset at each size, then each outfit alone at the largest. @param pictures for each preset; at least 1 */
export function* augmentTimes(faces: readonly SpeedFace[], pictures: number): Generator<AugmentTime> {
  for (const size of SIZES)
    for (const preset of PRESETS) yield measure(preset, AUGMENT_PRESETS[preset], size, faces, pictures);
  for (const outfit of OUTFITS)
    yield measure(outfit, only(outfit), SIZES[0], faces, Math.ceil(pictures * OUTFIT_SHARE));
}

function measure(
  what: string,
  config: AugmentConfig,
  size: number,
  faces: readonly SpeedFace[],
  pictures: number,
): AugmentTime {
  const augmenter = createAugmenter(config);
  const out = new Uint8ClampedArray(size * size * 3);
  const one = (i: number) => {
    const { crop, mesh } = faces[i % faces.length]!;
    augmenter.augment(crop, mesh, createRng(i), size, out);
  };
  const warmUp = Math.ceil(pictures / 5);
  for (let i = 0; i < warmUp; i++) one(i);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < pictures; i++) one(i);
  const wall = (performance.now() - start) / pictures;
  const { user, system } = process.cpuUsage(cpu);
  return { what, size, wall, processor: (user + system) / 1000 / pictures };
}

const only = (outfit: Outfit): AugmentConfig => ({
  ...AUGMENT_PRESETS.none,
  accessories: {
    probability: 1,
    outfits: Object.fromEntries(OUTFITS.map((name) => [name, name === outfit ? 1 : 0])) as Record<
      Outfit,
      number
    >,
    occluder: 0,
    fringe: 0,
  },
});
