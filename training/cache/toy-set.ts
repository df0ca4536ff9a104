import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { type AlignedRecord, CACHED_CROP } from './aligned-set.ts';

/** For tests: pictures of one colour field a person, told apart at a glance, in the aligned cache's layout, as set `toy`. */
export function writeToySet(folder: string, people: number, pictures: number): void {
  const { side } = CACHED_CROP;
  const rng = createRng(3);
  const crops = new Uint8Array(people * pictures * side * side * 3);
  const records: AlignedRecord[] = [];
  for (let person = 0; person < people; person++) {
    const colour = [rng.below(200), rng.below(200), rng.below(200)];
    for (let picture = 0; picture < pictures; picture++) {
      const start = records.length * side * side * 3;
      for (let i = 0; i < side * side * 3; i++) crops[start + i] = colour[i % 3]! + rng.below(50);
      records.push({
        path: `toy/${person}/${picture}.jpg`,
        identity: `toy:${person}`,
        boxScore: 1,
        meshScore: 1,
        yaw: 0,
        pitch: 0,
        roll: 0,
        luma: 100,
        sharpness: 100,
        interEyeDistance: 40,
      });
    }
  }
  writeFileSync(join(folder, 'toy.crops.u8'), crops);
  writeFileSync(join(folder, 'toy.mesh.f32'), new Uint8Array(records.length * 468 * 2 * 4));
  writeFileSync(join(folder, 'toy.json'), JSON.stringify({ format: 1, set: 'toy', records, missed: [] }));
}
