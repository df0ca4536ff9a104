import { parseArgs } from 'node:util';
import { MESH_POINTS } from '@rounz/core/face/face.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { sampleMesh } from '../../cache/sample-mesh.ts';
import { AUGMENT_PRESETS, type AugmentConfig, OUTFITS, type Outfit } from '../config.ts';
import { CROP_BYTES, createAugmenter } from './pipeline.ts';

/**
 * Milliseconds a picture, wall clock and processor time, one thread. Processor time is what counts beside a trainer.
 * `npx tsx training/augment/pipeline/bench.ts [--cache DIR --set NAME] [--pictures N]`; without a cache: noise and a mean mesh.
 */
const { values } = parseArgs({
  options: {
    cache: { type: 'string' },
    set: { type: 'string' },
    pictures: { type: 'string', default: '1000' },
  },
});

interface Face {
  readonly crop: Uint8Array;
  readonly mesh: Float32Array;
}

const WARM_UP = 200;
const FACES = 100;

function readFaces(): Face[] {
  if (values.cache === undefined || values.set === undefined) {
    const rng = createRng(1);
    const crop = Uint8Array.from({ length: CROP_BYTES }, () => rng.below(256));
    return [{ crop, mesh: sampleMesh() }];
  }
  const [set] = openAlignedSets(values.cache, [values.set]);
  if (set === undefined) throw new Error(`There is no set ${values.set} in ${values.cache}.`);
  const count = Math.min(FACES, set.count);
  const faces = Array.from({ length: count }, (_, i) => ({ crop: set.readCrop(i), mesh: set.readMesh(i) }));
  set.close();
  return faces;
}

function measure(
  title: string,
  config: AugmentConfig,
  size: number,
  faces: readonly Face[],
  pictures: number,
): void {
  const augmenter = createAugmenter(config);
  const out = new Uint8ClampedArray(size * size * 3);
  const one = (i: number) => {
    const { crop, mesh } = faces[i % faces.length]!;
    augmenter.augment(crop, mesh, createRng(i), size, out);
  };
  for (let i = 0; i < WARM_UP; i++) one(i);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < pictures; i++) one(i);
  const wall = (performance.now() - start) / pictures;
  const used = process.cpuUsage(cpu);
  const busy = (used.user + used.system) / 1000 / pictures;
  process.stdout.write(
    `${title.padEnd(24)} ${String(size).padStart(4)} ${wall.toFixed(3)} ${busy.toFixed(3)}\n`,
  );
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

const faces = readFaces();
const pictures = Number(values.pictures);
if (!(pictures >= 1 && MESH_POINTS * 2 === faces[0]?.mesh.length))
  throw new Error('--pictures takes a number of at least 1.');
process.stdout.write('what                     size  wall   cpu  (ms a picture)\n');
for (const size of [112, 96, 80, 64]) {
  for (const preset of ['none', 'light', 'full'] as const)
    measure(preset, AUGMENT_PRESETS[preset], size, faces, pictures);
}
for (const outfit of OUTFITS) measure(outfit, only(outfit), 112, faces, Math.ceil(pictures / 4));
